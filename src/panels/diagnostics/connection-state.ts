import type { ConnectionStateName } from '@topdeck/protocol/grafana';
import type { Table } from './read-frames.ts';

/**
 * The browser's own connection to Grafana Live. `none`: there is no Grafana between page and bridge. `off`: its
 * administrator has switched Live off. `connecting`: not known yet.
 */
export type LiveState = 'connected' | 'connecting' | 'cut' | 'off' | 'none';

/** The connection frame as it came. */
export interface BridgeReading {
  readonly table: Table<'connection'>;
  /** By the browser's clock; ages and countdowns of the frame go on from here, so that no two clocks need agree. */
  readonly arrivedMs: number;
  /** Longest time between two frames lately, or the most there can be while there were no two. */
  readonly intervalMs: number;
}

export type HopReason = 'live' | 'connecting' | 'cut' | 'off' | 'overdue' | 'bridge';
export interface Hop {
  readonly state: ConnectionStateName;
  readonly reason: HopReason;
}

export interface SourceReading {
  readonly source: string;
  readonly state: string;
  readonly error: string;
}

export interface BridgeDetails {
  readonly sinceS: number | null;
  readonly dataAgeS: number | null;
  readonly snapshotAgeS: number | null;
  readonly nextAttemptInS: number | null;
  readonly seq: number | null;
  readonly epoch: string;
  readonly reconnects: number;
  readonly failedAttempts: number;
  readonly lastError: string;
  readonly lastErrorCode: string;
  readonly action: string;
  readonly isWarmingUp: boolean;
  readonly topology: SourceReading | undefined;
  readonly metrics: SourceReading | undefined;
}

/** `state` is the worse of both hops. Without a frame nothing is known of the way to the bridge. */
export type ConnectionState =
  | { readonly known: false; readonly browser: Hop | undefined }
  | {
      readonly known: true;
      readonly state: ConnectionStateName;
      readonly browser: Hop | undefined;
      readonly bridge: Hop;
      readonly silentS: number;
      readonly details: BridgeDetails;
    };

const BADNESS: Readonly<Record<ConnectionStateName, number>> = { websocket: 0, polling: 1, disconnected: 2 };
/** Shorter silences are those of a busy machine. The data source waits as long before it takes a stream for dead. */
const MIN_PATIENCE_MS = 15_000;
const MISSED_INTERVALS = 3;

const worse = (a: ConnectionStateName, b: ConnectionStateName): ConnectionStateName =>
  BADNESS[a] < BADNESS[b] ? b : a;

export const patienceMs = (intervalMs: number): number => Math.max(MIN_PATIENCE_MS, MISSED_INTERVALS * intervalMs);

/** While Live is cut the data source polls: when that fails too, Grafana itself is out of reach. */
function browserHop(live: LiveState, isOverdue: boolean): Hop | undefined {
  switch (live) {
    case 'none':
      return undefined;
    case 'connected':
      return isOverdue ? { state: 'polling', reason: 'overdue' } : { state: 'websocket', reason: 'live' };
    case 'connecting':
      return { state: 'websocket', reason: 'connecting' };
    case 'cut':
    case 'off':
      return isOverdue ? { state: 'disconnected', reason: 'overdue' } : { state: 'polling', reason: live };
  }
}

const nameOf = (text: string): ConnectionStateName =>
  Object.hasOwn(BADNESS, text) ? (text as ConnectionStateName) : 'disconnected';

/** What the frame says was so when it came; a frame that has had no successor for long vouches for nothing. */
function bridgeHop(table: Table<'connection'>, live: LiveState, isOverdue: boolean): Hop {
  const told = nameOf(table.text('state', 0));
  if (isOverdue && live === 'none') return { state: worse(told, 'polling'), reason: 'overdue' };
  return { state: told, reason: 'bridge' };
}

function sourceOf(table: Table<'connection'>, name: 'topology' | 'metrics'): SourceReading | undefined {
  const state = table.text(`${name}_state`, 0);
  if (state === '') return undefined;
  return { source: table.text(`${name}_source`, 0), state, error: table.text(`${name}_error`, 0) };
}

function detailsOf(table: Table<'connection'>, elapsedS: number): BridgeDetails {
  const number = (name: string): number | null => table.number(name, 0);
  const text = (name: string): string => table.text(name, 0);
  const grown = (value: number | null): number | null => (value === null ? null : value + elapsedS);
  const since = number('since');
  const updated = number('updated');
  const next = number('next_attempt_in_s');
  return {
    sinceS: grown(since === null || updated === null ? null : Math.max(0, updated - since) / 1000),
    dataAgeS: grown(number('data_age_s')),
    snapshotAgeS: grown(number('snapshot_age_s')),
    nextAttemptInS: next === null ? null : Math.max(0, next - elapsedS),
    seq: number('seq'),
    epoch: text('epoch'),
    reconnects: number('reconnects') ?? 0,
    failedAttempts: number('failed_attempts') ?? 0,
    lastError: text('last_error'),
    lastErrorCode: text('last_error_code'),
    action: text('action'),
    isWarmingUp: table.flag('warming_up', 0) === true,
    topology: sourceOf(table, 'topology'),
    metrics: sourceOf(table, 'metrics'),
  };
}

/** What is known at `nowMs` of the way from the browser to the data. */
export function connectionState(reading: BridgeReading | undefined, live: LiveState, nowMs: number): ConnectionState {
  if (reading === undefined || reading.table.length === 0) return { known: false, browser: browserHop(live, false) };
  const { table, arrivedMs, intervalMs } = reading;
  const silentMs = Math.max(0, nowMs - arrivedMs);
  const isOverdue = silentMs > patienceMs(intervalMs);
  const browser = browserHop(live, isOverdue);
  const bridge = bridgeHop(table, live, isOverdue);
  const state = browser === undefined ? bridge.state : worse(browser.state, bridge.state);
  return { known: true, state, browser, bridge, silentS: silentMs / 1000, details: detailsOf(table, silentMs / 1000) };
}
