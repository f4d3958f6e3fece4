import type { Table } from './read-frames.ts';

/** An anomaly of the newest frame, or one of an earlier frame that is there no more. */
export interface AnomalyItem {
  readonly table: Table<'anomalies'>;
  readonly row: number;
  /** By the browser's clock; absent while it is open. */
  readonly resolvedMs?: number;
}

/** What is remembered from one frame to the next. */
export interface AnomalyLife {
  /** Which query the rows are of. */
  readonly identity: string;
  readonly version: unknown;
  readonly open: ReadonlyMap<string, AnomalyItem>;
  /** Newest first. */
  readonly resolved: readonly AnomalyItem[];
}

export const RESOLVED_SHOWN_MS = 5 * 60_000;
/** What began within this time is marked as new. */
export const NEW_S = 5 * 60;

export const NO_ANOMALIES: AnomalyLife = { identity: '', version: undefined, open: new Map(), resolved: [] };

const idOf = ({ table, row }: AnomalyItem): string => table.text('alert_id', row);

function itemsOf(table: Table<'anomalies'>): ReadonlyMap<string, AnomalyItem> {
  const items = new Map<string, AnomalyItem>();
  for (let row = 0; row < table.length; row += 1) items.set(table.text('alert_id', row), { table, row });
  return items;
}

/** The newest frame, and how it was asked for. */
export interface NextAnomalies {
  readonly table: Table<'anomalies'>;
  readonly identity: string;
  /** The most rows that the query gives: a frame that has as many says nothing of what it left out. */
  readonly limit: number;
}

/**
 * The life of anomalies after the next frame. Rows that are gone are kept as resolved for a while, unless the query is
 * another one or the frame is incomplete. Gives the same object when nothing has changed.
 */
export function follow(life: AnomalyLife, { table, identity, limit }: NextAnomalies, nowMs: number): AnomalyLife {
  const { version } = table;
  if (life.identity === identity && life.version === version) return forget(life, nowMs);
  const open = itemsOf(table);
  if (life.identity !== identity) return { identity, version, open, resolved: [] };
  const gone = table.length < limit ? [...life.open.values()].filter((item) => !open.has(idOf(item))) : [];
  const earlier = life.resolved.filter(
    (item) => !open.has(idOf(item)) && nowMs - (item.resolvedMs ?? 0) < RESOLVED_SHOWN_MS,
  );
  return { identity, version, open, resolved: [...gone.map((item) => ({ ...item, resolvedMs: nowMs })), ...earlier] };
}

/** Drops what was resolved long enough ago. */
export function forget(life: AnomalyLife, nowMs: number): AnomalyLife {
  const resolved = life.resolved.filter(({ resolvedMs = 0 }) => nowMs - resolvedMs < RESOLVED_SHOWN_MS);
  return resolved.length === life.resolved.length ? life : { ...life, resolved };
}

/** By its age when the frame came, which no difference of clocks touches. */
export function isNew({ table, row, resolvedMs }: AnomalyItem): boolean {
  const ageS = table.number('age_s', row);
  return resolvedMs === undefined && ageS !== null && ageS < NEW_S;
}
