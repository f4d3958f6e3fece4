import type {
  HealthRecord,
  HealthSample,
  HealthState,
  HistoryStore,
  Part,
  SampleRange,
  WatchedSpan,
} from './history-store.ts';

type MemoryHealth = Pick<HistoryStore, 'watched' | 'healthResources' | 'newestHealth' | 'samples'> & {
  insert: (record: HealthRecord) => void;
  prune: (beforeMs: number, part: Part) => void;
  dropSpans: (beforeMs: number) => void;
};

/** Index of the first sample that is not before `atMs`. */
function firstFrom(samples: readonly HealthSample[], atMs: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (samples[middle].atMs < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inRange(samples: readonly HealthSample[], { sinceMs, untilMs, limit }: SampleRange): readonly HealthSample[] {
  const first = Math.max(0, firstFrom(samples, sinceMs) - 1);
  return samples.slice(first, Math.min(first + limit, firstFrom(samples, untilMs)));
}

/** Drops what is older and not in force at `beforeMs`; returns how many went. */
function dropOld(samples: HealthSample[], beforeMs: number): number {
  const inForce = firstFrom(samples, beforeMs) - 1;
  const keep = inForce >= 0 && samples[inForce].status !== 'unknown';
  return samples.splice(0, keep ? inForce : inForce + 1).length;
}

function partOf(id: string, of: number): number {
  let sum = 0;
  for (let i = 0; i < id.length; i += 1) sum = (sum * 31 + id.charCodeAt(i)) % 1_000_003;
  return sum % of;
}

/** Samples of this run only; beyond `maxSamples` the older half of the time they span is dropped. */
export function createMemoryHealth(maxSamples: number): MemoryHealth {
  const byResource = new Map<string, HealthSample[]>();
  /** In the order of appending. */
  let spans: WatchedSpan[] = [];
  let size = 0;

  const watch = ({ atMs, holdMs, pauseMs }: HealthRecord): void => {
    const newest = spans.at(-1);
    if (newest !== undefined && atMs >= newest.startMs && atMs <= newest.endMs + pauseMs) {
      spans[spans.length - 1] = { startMs: newest.startMs, endMs: Math.max(newest.endMs, atMs + holdMs) };
    } else spans.push({ startMs: atMs, endMs: atMs + holdMs });
  };
  const put = (resourceId: string, sample: HealthSample): void => {
    const samples = byResource.get(resourceId) ?? [];
    byResource.set(resourceId, samples);
    const at = firstFrom(samples, sample.atMs);
    const replaced = samples[at]?.atMs === sample.atMs ? 1 : 0;
    samples.splice(at, replaced, sample);
    size += 1 - replaced;
  };
  const drop = (beforeMs: number, { index, of }: Part): void => {
    for (const [id, samples] of byResource) {
      if (partOf(id, of) !== index) continue;
      size -= dropOld(samples, beforeMs);
      if (samples.length === 0) byResource.delete(id);
    }
  };
  const shrink = (nowMs: number): void => {
    let beforeMs = Math.min(...Array.from(byResource.values(), ([{ atMs }]) => atMs));
    // What is in force stays, however little time is left to drop.
    while (size > maxSamples && nowMs - beforeMs > 1) {
      beforeMs = (beforeMs + nowMs) / 2;
      drop(beforeMs, { index: 0, of: 1 });
    }
  };

  return {
    insert(record) {
      const atMs = Math.trunc(record.atMs);
      watch({ ...record, atMs });
      for (const { resourceId, status, score } of record.changes) put(resourceId, { atMs, status, score });
      if (size > maxSamples) shrink(atMs);
    },
    watched: (sinceMs, untilMs) =>
      spans.filter(({ startMs, endMs }) => startMs < untilMs && endMs > sinceMs).sort((a, b) => a.startMs - b.startMs),
    healthResources: () => [...byResource.keys()].sort(),
    newestHealth: () => {
      const newest = new Map<string, HealthState>();
      for (const [id, samples] of byResource) {
        const { status, score } = samples[samples.length - 1];
        if (status !== 'unknown') newest.set(id, { status, score });
      }
      return newest;
    },
    samples: (resourceId, range) => inRange(byResource.get(resourceId) ?? [], range),
    prune: drop,
    dropSpans: (beforeMs) => void (spans = spans.filter(({ endMs }) => endMs >= beforeMs)),
  };
}
