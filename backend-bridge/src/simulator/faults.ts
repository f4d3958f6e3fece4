export const FAULT_KINDS = ['latency', 'errors', 'down', 'traffic_drop', 'memory_leak', 'saturation'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly id: string;
  readonly kind: FaultKind;
  /** Resource id. A fault of a resource that the topology lacks does nothing. */
  readonly target: string;
  readonly startMs: number;
  /** Absent: until somebody ends it. */
  readonly endMs?: number | undefined;
  /** 0–1. */
  readonly magnitude: number;
  /** Time to full strength; absent: what is usual for the kind. */
  readonly riseMs?: number | undefined;
}

/** What faults do to one resource at one time; several faults add up in one of these. */
export interface FaultEffect {
  addedLatencyS: number;
  /** Share of requests that fail after the work was done. */
  errorShare: number;
  /** Share of instances that are gone: their requests fail at once and call nobody. */
  downShare: number;
  /** Share of the incoming requests that still comes. */
  trafficShare: number;
  /** Other work on the same machines keeps utilisation at least here; above 1, requests are refused. */
  utilisationFloor: number;
  memoryFactor: number;
  /** Factor on the service time, and on the cpu that it costs. */
  slowdown: number;
}

interface FaultDescription {
  readonly summary: string;
  readonly riseMs: number;
  readonly fallMs: number;
  /** `strength` is magnitude × ramp, 0–1. */
  apply(effect: FaultEffect, strength: number): void;
}

const MAX_ADDED_LATENCY_S = 2.5;
/** Utilisation at strength s is at least s · 1.25: 0.8 fills the machine, 1 is asked for a quarter more than it can do. */
const MAX_UTILISATION_FLOOR = 1.25;
const MAX_LEAK_FACTOR = 3;
/** Collecting garbage costs more the fuller the heap: quadratic, so that a leak is seen in memory long before latency. */
const MAX_LEAK_SLOWDOWN = 0.8;

const both = (a: number, b: number): number => 1 - (1 - a) * (1 - b);

/** One entry a kind; whatever lists, validates or documents faults reads this table. */
export const FAULTS: Readonly<Record<FaultKind, FaultDescription>> = {
  latency: {
    summary: `every request takes longer, up to ${MAX_ADDED_LATENCY_S} s at magnitude 1`,
    riseMs: 10_000,
    fallMs: 4_000,
    apply: (effect, strength) => (effect.addedLatencyS += strength * MAX_ADDED_LATENCY_S),
  },
  errors: {
    summary: 'the magnitude is the share of requests that fail',
    riseMs: 10_000,
    fallMs: 4_000,
    apply: (effect, strength) => (effect.errorShare = both(effect.errorShare, strength)),
  },
  down: {
    summary: 'the magnitude is the share of instances that are gone',
    riseMs: 1_000,
    fallMs: 2_000,
    apply: (effect, strength) => (effect.downShare = both(effect.downShare, strength)),
  },
  traffic_drop: {
    summary: 'the magnitude is the share of incoming requests that stay away',
    riseMs: 10_000,
    fallMs: 5_000,
    apply: (effect, strength) => (effect.trafficShare *= 1 - strength),
  },
  memory_leak: {
    summary: `memory grows to ${1 + MAX_LEAK_FACTOR} times at magnitude 1, garbage collection slows the service; the end is a restart`,
    riseMs: 600_000,
    fallMs: 1_000,
    apply: (effect, strength) => {
      effect.memoryFactor *= 1 + MAX_LEAK_FACTOR * strength;
      effect.slowdown *= 1 + MAX_LEAK_SLOWDOWN * strength * strength;
    },
  },
  saturation: {
    summary: 'other work on the machines fills them: queues, then refused requests (from magnitude 0.8)',
    riseMs: 15_000,
    fallMs: 5_000,
    apply: (effect, strength) =>
      (effect.utilisationFloor = Math.max(effect.utilisationFloor, strength * MAX_UTILISATION_FLOOR)),
  },
};

export const NO_EFFECT: Readonly<FaultEffect> = Object.freeze({
  addedLatencyS: 0,
  errorShare: 0,
  downShare: 0,
  trafficShare: 1,
  utilisationFloor: 0,
  memoryFactor: 1,
  slowdown: 1,
});

/** Strength of a fault at a time, 0 to its magnitude: rises linearly from its start, falls linearly after its end. */
export function faultStrength(fault: Fault, atMs: number): number {
  const { riseMs: usualRiseMs, fallMs } = FAULTS[fault.kind];
  const riseMs = fault.riseMs ?? usualRiseMs;
  const risen = (untilMs: number): number =>
    riseMs <= 0 ? Number(untilMs >= fault.startMs) : Math.min(1, Math.max(0, (untilMs - fault.startMs) / riseMs));
  if (fault.endMs === undefined || atMs < fault.endMs) return fault.magnitude * risen(atMs);
  return fault.magnitude * risen(fault.endMs) * Math.max(0, 1 - (atMs - fault.endMs) / fallMs);
}

/** When nothing is left of a fault. */
export const faultOverMs = (fault: Fault): number => (fault.endMs ?? Infinity) + FAULTS[fault.kind].fallMs;

export type FaultEffects = ReadonlyMap<number, FaultEffect>;

/** Effects at a time by resource index; resources without any are absent. */
export function faultEffects(
  faults: readonly Fault[],
  indexOf: ReadonlyMap<string, number>,
  atMs: number,
): FaultEffects {
  const effects = new Map<number, FaultEffect>();
  for (const fault of faults) {
    const index = indexOf.get(fault.target);
    const strength = faultStrength(fault, atMs);
    if (index === undefined || strength <= 0) continue;
    const effect = effects.get(index) ?? { ...NO_EFFECT };
    FAULTS[fault.kind].apply(effect, strength);
    effects.set(index, effect);
  }
  return effects;
}
