/**
 * Latencies are kept as mean and variance, which add along sequential calls, and read as log-normal wherever a quantile
 * or a share is wanted (the Fenton–Wilkinson approximation of a sum of skewed delays).
 */

const Z_95 = 1.6448536269514722;

/** Standard normal distribution function; Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp(-x * x);
  return z < 0 ? tail : 1 - tail;
}

/** 95th percentile, seconds. */
export function latencyP95(meanS: number, variance: number): number {
  if (!(meanS > 0)) return meanS;
  const sigma2 = Math.log1p(variance / (meanS * meanS));
  return meanS * Math.exp(Z_95 * Math.sqrt(sigma2) - sigma2 / 2);
}

/** Share of requests that take at most `boundS`. */
export function latencyShareWithin(meanS: number, variance: number, boundS: number): number {
  if (!(meanS > 0)) return 1;
  const sigma2 = Math.log1p(variance / (meanS * meanS));
  if (sigma2 === 0) return meanS <= boundS ? 1 : 0;
  return normalCdf((Math.log(boundS / meanS) + sigma2 / 2) / Math.sqrt(sigma2));
}

export interface Latency {
  readonly meanS: number;
  readonly variance: number;
}

export interface CappedLatency extends Latency {
  meanS: number;
  variance: number;
  /** Share of requests that would have taken longer than the cap. */
  exceeded: number;
}

/** Beyond this many deviations of the logarithm nothing is left to cut (1e-9 of the requests). */
const Z_NOTHING_LEFT = 6;

/** What a caller sees who gives up after `capS`: the first two moments of min(X, capS). Fills `out`, for it runs once an edge. */
export function capLatency({ meanS, variance }: Latency, capS: number, out: CappedLatency): void {
  out.meanS = meanS;
  out.variance = variance;
  out.exceeded = 0;
  if (!(meanS > 0)) return;
  const sigma2 = Math.max(Math.log1p(variance / (meanS * meanS)), 1e-12);
  const sigma = Math.sqrt(sigma2);
  const z = (Math.log(capS / meanS) + sigma2 / 2) / sigma;
  if (z > Z_NOTHING_LEFT) return;
  const exceeded = 1 - normalCdf(z);
  const mean = meanS * normalCdf(z - sigma) + capS * exceeded;
  const secondMoment = (variance + meanS * meanS) * normalCdf(z - 2 * sigma) + capS * capS * exceeded;
  out.meanS = mean;
  out.variance = Math.max(0, secondMoment - mean * mean);
  out.exceeded = exceeded;
}

export interface Queue {
  readonly utilisation: number;
  readonly servers: number;
  readonly serviceTimeS: number;
  /** Longest queue, in requests per server; what comes beyond it is refused. */
  readonly places: number;
}

/**
 * Mean wait in an M/M/c queue by Sakasegawa's approximation (1977), s·ρ^(√(2(c+1))−1) / (c·(1−ρ)), bounded by the time
 * that a full queue takes to drain.
 */
export function queueWaitS({ utilisation, servers, serviceTimeS, places }: Queue): number {
  const fullQueueS = places * serviceTimeS;
  if (utilisation >= 1) return fullQueueS;
  const waitS =
    (serviceTimeS * utilisation ** (Math.sqrt(2 * (servers + 1)) - 1)) / (servers * Math.max(1 - utilisation, 1e-9));
  return Math.min(waitS, fullQueueS);
}
