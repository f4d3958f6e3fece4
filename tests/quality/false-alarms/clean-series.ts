import { seededNoise } from '../../fixtures/seeded-noise.ts';

/** A value at a time, never an anomaly. */
export type CleanSeries = (atMs: number) => number;

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday: its weekend is centred on day 3.0, midnight of Saturday to Sunday. */
const WEEKEND_CENTRE_DAY = 3;
/** 1 on weekdays, 0.6 on weekends, over within six hours. */
function weekly(atMs: number): number {
  const away = Math.abs(((atMs / DAY_MS) % 7) - WEEKEND_CENTRE_DAY);
  const x = Math.min(1, Math.max(0, (1.125 - away) / 0.25));
  return 1 - 0.4 * x * x * (3 - 2 * x);
}
const daily = (atMs: number): number => (1 + 0.5 * Math.sin((2 * Math.PI * (atMs % DAY_MS)) / DAY_MS)) * weekly(atMs);

/** What well-behaved services look like, one after the other from the seed. */
export const KINDS: Readonly<Record<string, (seed: number, stepMs: number) => CleanSeries>> = {
  steady: (seed) => {
    const noise = seededNoise(seed);
    return () => 100 * (1 + 0.05 * noise.normal());
  },
  'day and week': (seed) => {
    const noise = seededNoise(seed);
    return (atMs) => 100 * daily(atMs) * (1 + 0.05 * noise.normal());
  },
  'slow noise': (seed, stepMs) => {
    const noise = seededNoise(seed);
    const keep = Math.exp(-stepMs / 600_000);
    let slow = 0;
    return (atMs) => {
      slow = keep * slow + Math.sqrt(1 - keep * keep) * noise.normal();
      return 100 * daily(atMs) * Math.exp(0.05 * slow + 0.03 * noise.normal());
    };
  },
  'heavy tail': (seed) => {
    const noise = seededNoise(seed);
    return (atMs) => 100 * daily(atMs) * Math.exp(0.25 * noise.normal() * (noise.uniform() < 0.05 ? 2 : 1));
  },
};
