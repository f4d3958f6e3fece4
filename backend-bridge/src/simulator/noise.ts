/**
 * Noise without a running generator: every value is a hash of (seed, entity, time step). Any time can therefore be
 * asked for by itself, and asking twice gives the same number.
 */

/** Bound once: these run a million times a step, and a global costs a lookup each time inside a VM context, as in tests. */
const { imul, floor } = Math;

const SLOW_PERIOD_MS = 900_000;
const FAST_PERIOD_MS = 60_000;
const JITTER_PERIOD_MS = 1_000;

/** Shares of the three components; they add to 1, so that the sum stays within ±1. */
const SLOW_SHARE = 0.5;
const FAST_SHARE = 0.3;
const JITTER_SHARE = 0.2;

/** The finaliser of MurmurHash3: every input bit changes about half of the output bits. */
function mix(value: number): number {
  let h = value | 0;
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Uniform in [0, 1). */
export function hashUnit(seed: number, entity: number, step: number): number {
  return (mix(mix(mix(seed ^ 0x9e3779b9) ^ entity) ^ step) >>> 0) / 4_294_967_296;
}

/** FNV-1a over UTF-16 units. An entity is known by its id, so that its behaviour survives changes around it. */
export function entityHash(id: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) h = imul(h ^ id.charCodeAt(i), 0x01000193);
  return mix(h) >>> 0;
}

/** A different stream of noise of the same entity. */
export const channel = (entity: number, number: number): number => mix(entity + imul(number, 0x9e3779b1)) >>> 0;

/** Noise of all entities at one time: within [-1, 1], mean 0, wandering over minutes, jittering by the second. */
export function noiseAt(seed: number, atMs: number): (entity: number) => number {
  const slow = lattice(atMs, SLOW_PERIOD_MS);
  const fast = lattice(atMs, FAST_PERIOD_MS);
  const jitterStep = floor(atMs / JITTER_PERIOD_MS);
  return (entity) =>
    SLOW_SHARE * interpolate(seed, entity, slow) +
    FAST_SHARE * interpolate(seed + 1, entity, fast) +
    JITTER_SHARE * (2 * hashUnit(seed + 2, entity, jitterStep) - 1);
}

interface LatticePoint {
  readonly step: number;
  readonly blend: number;
}

function lattice(atMs: number, periodMs: number): LatticePoint {
  const position = atMs / periodMs;
  const step = floor(position);
  const x = position - step;
  return { step, blend: x * x * (3 - 2 * x) };
}

function interpolate(seed: number, entity: number, { step, blend }: LatticePoint): number {
  const from = hashUnit(seed, entity, step);
  const to = hashUnit(seed, entity, step + 1);
  return 2 * (from + (to - from) * blend) - 1;
}
