import type { Fault, FaultKind } from './faults.ts';
import type { TrafficModel } from './traffic-model.ts';

/** One round of the demo: quiet, a fault that spreads, quiet again. */
export const DEMO_PERIOD_MS = 90_000;
const FAULT_START_MS = 10_000;
/** Early enough that services are seen to recover within a minute of the start: they must be well for some collections. */
const FAULT_END_MS = 40_000;
/** Slow enough that collections every 5 s see the target suffer first and its callers after it. */
const FAULT_RISE_MS = 12_000;

interface Act {
  readonly kind: FaultKind;
  readonly magnitude: number;
  readonly riseMs: number;
  /** Types that the fault suits, most wanted first; where the graph has none of them, any resource serves. */
  readonly types: readonly string[];
  /** Entries have nobody whom a fault could spread to; a drop in traffic starts there. */
  readonly where: 'inside' | 'entry';
}

const ACTS: readonly Act[] = [
  // First, for it shows most: red at the bottom of the graph, and each layer above it less hurt than the one below.
  { kind: 'down', magnitude: 1, riseMs: FAULT_RISE_MS, types: ['external', 'cache', 'queue'], where: 'inside' },
  { kind: 'latency', magnitude: 0.8, riseMs: FAULT_RISE_MS, types: ['database'], where: 'inside' },
  { kind: 'errors', magnitude: 0.7, riseMs: FAULT_RISE_MS, types: ['service'], where: 'inside' },
  { kind: 'saturation', magnitude: 0.9, riseMs: FAULT_RISE_MS, types: ['service'], where: 'inside' },
  { kind: 'memory_leak', magnitude: 1, riseMs: FAULT_END_MS - FAULT_START_MS, types: ['service'], where: 'inside' },
  { kind: 'traffic_drop', magnitude: 0.9, riseMs: FAULT_RISE_MS, types: ['gateway'], where: 'entry' },
];
/** So many of the busiest fitting resources take turns. */
const CAST_SIZE = 4;
/** A fault two calls below the entries has somewhere to spread to. */
const DEEP_ENOUGH = 2;

/** A stretch of time, epoch milliseconds, both ends inclusive. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface DemoSchedule {
  /** Faults of all rounds that touch the stretch; none before `startMs`, at which the first round begins. */
  faultsDuring(startMs: number, stretch: Stretch): readonly Fault[];
}

/** An endless schedule, the same for the same model: each round one act, each time with another of its targets. */
export function planDemo(model: TrafficModel): DemoSchedule {
  const casts = ACTS.map((act) => castOf(model, act));
  const faultOf = (round: number, startMs: number): readonly Fault[] => {
    const act = ACTS[round % ACTS.length];
    const cast = casts[round % ACTS.length];
    if (cast.length === 0) return [];
    // Shifted by the act, so that acts with the same cast do not all begin with the same resource.
    const turn = (Math.floor(round / ACTS.length) + (round % ACTS.length)) % cast.length;
    const roundStartMs = startMs + round * DEMO_PERIOD_MS;
    const { kind, magnitude, riseMs } = act;
    const times = { startMs: roundStartMs + FAULT_START_MS, endMs: roundStartMs + FAULT_END_MS };
    return [{ id: `demo-${round + 1}`, kind, target: cast[turn], ...times, magnitude, riseMs }];
  };
  return {
    faultsDuring: (startMs, { fromMs, toMs }) => {
      const first = Math.max(0, Math.floor((fromMs - startMs) / DEMO_PERIOD_MS));
      const last = Math.floor((toMs - startMs) / DEMO_PERIOD_MS);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => faultOf(first + i, startMs)).flat();
    },
  };
}

function castOf(model: TrafficModel, act: Act): readonly string[] {
  const { resources } = model.topology;
  const { isEntry, depth, outStart, inStart } = model.graph;
  const indices = resources.map((_, index) => index);
  const placed = indices.filter((i) =>
    act.where === 'entry' ? isEntry[i] === 1 && outStart[i] < outStart[i + 1] : inStart[i] < inStart[i + 1],
  );
  const deep = placed.filter((i) => act.where === 'entry' || depth[i] >= DEEP_ENOUGH);
  const candidates = [deep, placed, indices].find((list) => list.length > 0) ?? [];
  const wanted = act.types.map((type) => candidates.filter((i) => resources[i].resource_type === type));
  const fitting = wanted.find((list) => list.length > 0) ?? candidates;
  // capacity stands for mean traffic: what many requests depend on shows its faults in many callers.
  return [...fitting]
    .sort((a, b) => model.capacity[b] - model.capacity[a])
    .slice(0, CAST_SIZE)
    .map((i) => resources[i].id);
}
