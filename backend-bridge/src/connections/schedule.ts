/** How often a client wants the state, and how often there is a new one. */
export interface Cadence {
  readonly intervalMs: number;
  readonly collectIntervalMs: number;
}

const MAX_TOLERANCE_MS = 500;

const isMultiple = ({ intervalMs, collectIntervalMs }: Cadence): boolean => intervalMs % collectIntervalMs === 0;

/**
 * How much too early a client may be served. A client whose interval is a multiple of the collection's is served by
 * every k-th tick, and ticks come as late as their collections take: half a collection interval is as far as one can
 * stray without being nearer to its neighbour.
 */
function toleranceMs(cadence: Cadence): number {
  if (isMultiple(cadence)) return cadence.collectIntervalMs / 2;
  return Math.min(MAX_TOLERANCE_MS, Math.min(cadence.intervalMs, cadence.collectIntervalMs) / 2);
}

/** CONN-4, at a tick, when there is a new state. */
export function isDueAtTick(cadence: Cadence, sinceServedMs: number): boolean {
  return sinceServedMs >= cadence.intervalMs - toleranceMs(cadence);
}

/**
 * CONN-4 and CONN-5, between ticks, when there is only the state that the client may know. One that is about to get a
 * new one waits for it.
 */
export function isDueBetweenTicks(cadence: Cadence, sinceServedMs: number, sinceTickMs: number): boolean {
  const tolerance = toleranceMs(cadence);
  if (isMultiple(cadence)) return sinceServedMs >= cadence.intervalMs + tolerance;
  const tickIsImminent = Math.abs(cadence.collectIntervalMs - sinceTickMs) < tolerance;
  return sinceServedMs >= cadence.intervalMs - tolerance && !tickIsImminent;
}
