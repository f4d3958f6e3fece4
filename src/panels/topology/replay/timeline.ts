import { FieldType, type DataFrame } from '@grafana/data';
import type { Status } from '@topdeck/protocol';

/** By the code that a timeline keeps. */
export const STATUS_OF: readonly Status[] = ['unknown', 'healthy', 'degraded', 'failed'];
const UNKNOWN = 0;

export interface StatusCounts {
  readonly failed: Uint32Array;
  readonly degraded: Uint32Array;
  readonly unknown: Uint32Array;
}

/** Status of many services at many times. A row tells the gravest of the time since the row before. */
export interface Timeline {
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Epoch milliseconds, ascending, one a row: multiples of `stepMs`, and the newest. */
  readonly times: Float64Array;
  readonly stepMs: number;
  /** Codes of a row lie together, in the order of `ids`: one time is drawn at once. */
  readonly codes: Uint8Array;
  /** By row. */
  readonly counts: StatusCounts;
  /** Rows at which a status is another than in the row before. */
  readonly changes: Uint32Array;
}

/** The first row at or after the time; the last row after the end. */
export function rowAt({ times }: { readonly times: ArrayLike<number> }, atMs: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < atMs) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low);
}

export const codesAt = ({ codes, ids }: Timeline, row: number): Uint8Array =>
  codes.subarray(row * ids.length, (row + 1) * ids.length);

/** undefined: the timeline does not tell of it. */
export function statusAt(timeline: Timeline, row: number, id: string): Status | undefined {
  const index = timeline.indexOf.get(id);
  return index === undefined ? undefined : STATUS_OF[timeline.codes[row * timeline.ids.length + index]];
}

interface Grid {
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly times: Float64Array;
  readonly stepMs: number;
  readonly codes: Uint8Array;
}

const timeOf = ({ fields }: DataFrame) => fields.find(({ type }) => type === FieldType.time);

/** What the frames say is the distance of their rows. */
function stepOf(frames: readonly DataFrame[]): number {
  let stepMs = 1_000;
  for (const frame of frames) stepMs = Math.max(stepMs, timeOf(frame)?.config.interval ?? 0);
  return stepMs;
}

interface Span {
  /** Rows at or before it are left out. */
  readonly afterMs: number;
  readonly stepMs: number;
}

/** Answers to different questions end at different times; on one raster they are rows of one table. */
function rasterOf(frames: readonly DataFrame[], { afterMs, stepMs }: Span): Float64Array {
  const ends = new Set<number>();
  let last = -Infinity;
  for (const frame of frames) {
    for (const at of (timeOf(frame)?.values ?? []) as readonly number[]) {
      if (at <= afterMs) continue;
      ends.add(Math.ceil(at / stepMs) * stepMs);
      last = Math.max(last, at);
    }
  }
  return Float64Array.from(ends, (end) => Math.min(end, last)).sort();
}

const codeOf = (value: unknown): number =>
  typeof value === 'number' && value >= 0 && value + 1 < STATUS_OF.length ? value + 1 : UNKNOWN;

/** Writes what the frames tell into the rows from `firstRow` on; of several values in one row the gravest stays. */
function fill({ codes, ids, indexOf, times }: Grid, frames: readonly DataFrame[], firstRow: number): void {
  const afterMs = firstRow === 0 ? -Infinity : times[firstRow - 1];
  for (const frame of frames) {
    const moments = (timeOf(frame)?.values ?? []) as readonly number[];
    const rows = Int32Array.from(moments, (at) => (at <= afterMs ? -1 : rowAt({ times }, at)));
    for (const { type, labels, values } of frame.fields) {
      const index = type === FieldType.number ? indexOf.get(labels?.['id'] ?? '') : undefined;
      if (index === undefined) continue;
      for (let at = 0; at < rows.length; at += 1) {
        if (rows[at] < 0) continue;
        const place = rows[at] * ids.length + index;
        const code = codeOf(values[at]);
        if (code > codes[place]) codes[place] = code;
      }
    }
  }
}

/** With what follows from the codes. */
function finished(grid: Grid): Timeline {
  const { ids, times, codes } = grid;
  const tally = Array.from(STATUS_OF, () => new Uint32Array(times.length));
  const changes: number[] = [];
  for (let row = 0; row < times.length; row += 1) {
    const start = row * ids.length;
    let isChange = false;
    for (let place = start; place < start + ids.length; place += 1) {
      tally[codes[place]][row] += 1;
      isChange ||= row > 0 && codes[place] !== codes[place - ids.length];
    }
    if (isChange) changes.push(row);
  }
  const [unknown, , degraded, failed] = tally;
  return { ...grid, counts: { failed, degraded, unknown }, changes: Uint32Array.from(changes) };
}

/** From the frames of `health-history` queries for status codes. */
export function timelineOf(frames: readonly DataFrame[], ids: readonly string[]): Timeline {
  const stepMs = stepOf(frames);
  const times = rasterOf(frames, { afterMs: -Infinity, stepMs });
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const grid = { ids, indexOf, times, stepMs, codes: new Uint8Array(times.length * ids.length) };
  fill(grid, frames, 0);
  return finished(grid);
}

/** Time from which on the newest rows are read again: the last may have been taken before its step was over. */
export const tailFromMs = ({ times }: Timeline): number => times[Math.max(0, times.length - 2)];

/** With what came since `tailFromMs`, and without what lies before `fromMs`. */
export function withTail(timeline: Timeline, frames: readonly DataFrame[], fromMs: number): Timeline {
  const { ids, indexOf, times, stepMs } = timeline;
  const afterMs = tailFromMs(timeline);
  const added = rasterOf(frames, { afterMs, stepMs });
  if (added.length === 0) return timeline;
  const firstKept = rowAt(timeline, Math.min(fromMs, afterMs));
  const endKept = rowAt(timeline, afterMs) + 1;
  const kept = times.subarray(firstKept, endKept);
  const all = new Float64Array(kept.length + added.length);
  all.set(kept);
  all.set(added, kept.length);
  const codes = new Uint8Array(all.length * ids.length);
  codes.set(timeline.codes.subarray(firstKept * ids.length, endKept * ids.length));
  const grid = { ids, indexOf, times: all, stepMs, codes };
  fill(grid, frames, kept.length);
  return finished(grid);
}

/** The nearest change before or after a row; undefined where there is none. */
export function changeBeside({ changes }: Timeline, row: number, direction: -1 | 1): number | undefined {
  const after = changes.findIndex((change) => change >= row + (direction === 1 ? 1 : 0));
  const end = after < 0 ? changes.length : after;
  return direction === 1 ? changes[end] : changes[end - 1];
}

/** Indices into `ids` of what was degraded or failed at some time, those that were so longest first. */
export function everBad({ ids, codes }: Timeline): readonly number[] {
  const rows = new Uint32Array(ids.length);
  codes.forEach((code, place) => {
    if (code >= 2) rows[place % ids.length] += 1;
  });
  return Array.from(rows.keys())
    .filter((index) => rows[index] > 0)
    .sort((a, b) => rows[b] - rows[a]);
}
