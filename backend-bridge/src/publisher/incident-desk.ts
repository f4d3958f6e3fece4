import {
  concerns,
  type ChangeEvent,
  type ChangeRequest,
  type ChangesQuery,
  type IncidentResponse,
  type RootCauseResponse,
} from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { Diagnosis } from '../engine/diagnosis.ts';
import { IncidentBook, REOPEN_MS, type IncidentTidings } from '../engine/incidents/incident-book.ts';
import { CHANGE_BEFORE_MS } from '../engine/incidents/report.ts';
import { BridgeError } from '../errors.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Log } from '../telemetry/log.ts';
import type { IncidentRead } from './feed.ts';
import { isoTime } from './iso-time.ts';

export interface IncidentDeskParts {
  readonly history: HistoryStore;
  readonly clock: Clock;
  readonly log: Log;
}

const MS_PER_HOUR = 3_600_000;
/** Changes are held for so long: an incident may open late, and a change be told late. */
const CHANGES_HELD_MS = 4 * CHANGE_BEFORE_MS;
const MAX_CHANGES_HELD = 1_000;
const MAX_CHANGES_READ = 10_000;
const DEFAULT_CHANGES = 100;
/** Clocks differ, and a change may be told while it rolls out. */
const MOST_AHEAD_MS = 300_000;
const OLDEST_MS = 7 * 24 * MS_PER_HOUR;
const MAX_OPEN_RESTORED = 500;

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** Incidents and changes: from tick to tick, over restarts by the history, and for whoever reads them. */
export class IncidentDesk {
  readonly #parts: IncidentDeskParts;
  readonly #book = new IncidentBook();
  #changes: readonly ChangeEvent[] | undefined;
  #diagnosis: Diagnosis | undefined;

  constructor({ history, clock, log }: IncidentDeskParts) {
    this.#parts = { history, clock, log };
  }

  advance(diagnosis: Diagnosis): IncidentTidings {
    if (this.#changes === undefined) this.#changes = this.#restore(diagnosis.atMs);
    this.#changes = this.#changes.filter(({ at }) => diagnosis.atMs - Date.parse(at) <= CHANGES_HELD_MS);
    this.#diagnosis = diagnosis;
    return this.#book.advance({ diagnosis, changes: this.#changes });
  }

  /** Throws INVALID_REQUEST for a time that no clock is wrong by, HISTORY_UNAVAILABLE. */
  reportChange({ at, ...rest }: ChangeRequest): ChangeEvent {
    const nowMs = this.#parts.clock.nowMs();
    const atMs = at === undefined ? nowMs : Date.parse(at);
    if (rest.resource_id === undefined && Object.keys(rest.labels ?? {}).length === 0) {
      throw new BridgeError('INVALID_REQUEST', { detail: 'resource_id or labels must say what was changed' });
    }
    if (atMs > nowMs + MOST_AHEAD_MS || atMs < nowMs - OLDEST_MS) {
      throw new BridgeError('INVALID_REQUEST', { detail: 'at must be within the last 7 days and not in the future' });
    }
    const kept = this.#parts.history.keepChange({ at: isoTime(atMs), ...rest });
    this.#changes = [...(this.#changes ?? []), kept].slice(-MAX_CHANGES_HELD);
    return kept;
  }

  /** Undefined for what there is not. Throws HISTORY_UNAVAILABLE. */
  answer(request: IncidentRead): Uint8Array | undefined {
    const { history } = this.#parts;
    switch (request.read) {
      case 'incidents':
        return json(history.incidents(request.query));
      case 'incident': {
        const incident = history.incident(request.incidentId);
        if (incident === undefined) return undefined;
        return json({ incident, events: [...history.incidentEvents(request.incidentId)] } satisfies IncidentResponse);
      }
      case 'changes':
        return json(this.#readChanges(request.query));
      case 'root-cause': {
        const answer = this.#rootCause(request.resourceId, request.lookbackHours);
        return answer && json(answer);
      }
    }
  }

  #rootCause(resourceId: string, lookbackHours: number): RootCauseResponse | undefined {
    const diagnosis = this.#diagnosis;
    const index = diagnosis?.topology.indexOf.get(resourceId);
    if (diagnosis === undefined || index === undefined) return undefined;
    const since = isoTime(diagnosis.atMs - lookbackHours * MS_PER_HOUR);
    return {
      ...diagnosis.rootCauses.of(index),
      timestamp: isoTime(diagnosis.atMs),
      lookback_hours: lookbackHours,
      incidents: [...this.#parts.history.incidents({ since, resource_id: resourceId })],
    };
  }

  #readChanges({ since, until, resource_id: id, limit = DEFAULT_CHANGES }: ChangesQuery): readonly ChangeEvent[] {
    const sinceMs = since === undefined ? -Infinity : Date.parse(since);
    const untilMs = until === undefined ? Infinity : Date.parse(until);
    const { history } = this.#parts;
    if (id === undefined) return history.changes({ sinceMs, untilMs, limit });
    const topology = this.#diagnosis?.topology;
    const resource = topology?.resources[topology.indexOf.get(id) ?? -1] ?? { id, labels: {} };
    const all = history.changes({ sinceMs, untilMs, limit: MAX_CHANGES_READ });
    return all.filter((change) => concerns(change, resource)).slice(0, limit);
  }

  /** Takes up what the run before left; what cannot be read is done without. */
  #restore(atMs: number): readonly ChangeEvent[] {
    const { history, log } = this.#parts;
    try {
      const open = history.incidents({ state: 'open', limit: MAX_OPEN_RESTORED });
      const recent = history.incidents({ state: 'resolved', since: isoTime(atMs - REOPEN_MS) });
      const seenMs = history.watched(-Infinity, atMs).at(-1)?.endMs ?? 0;
      this.#book.restore({ seenMs: Math.min(seenMs, atMs - 1), incidents: [...open, ...recent].reverse() });
      return history.changes({ sinceMs: atMs - CHANGES_HELD_MS, untilMs: Infinity, limit: MAX_CHANGES_HELD });
    } catch (error) {
      log.warn({ event: 'incidents.restore_failed', err: error });
      return [];
    }
  }
}
