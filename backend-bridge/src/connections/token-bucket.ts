/** Changed in place, so that charging a message allocates nothing. */
export interface TokenBucket {
  tokens: number;
  atMs: number;
}

/** At least one whole token must fit, or a rate below 1/s would never let anything through. */
const capacity = (ratePerS: number): number => Math.max(1, ratePerS);

/** Full: a burst of one second's worth passes. */
export const createBucket = (ratePerS: number, nowMs: number): TokenBucket => ({
  tokens: capacity(ratePerS),
  atMs: nowMs,
});

function refill(bucket: TokenBucket, ratePerS: number, nowMs: number): void {
  const elapsedMs = Math.max(0, nowMs - bucket.atMs);
  bucket.tokens = Math.min(capacity(ratePerS), bucket.tokens + (elapsedMs / 1000) * ratePerS);
  bucket.atMs = nowMs;
}

/** Takes one token, or tells that there is none. */
export function takeToken(bucket: TokenBucket, ratePerS: number, nowMs: number): boolean {
  refill(bucket, ratePerS, nowMs);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

/** Seconds until a token is there, as of the last `takeToken`. */
export const secondsToToken = (bucket: TokenBucket, ratePerS: number): number =>
  Math.max(0, (1 - bucket.tokens) / ratePerS);

/** A full bucket says no more than none. */
export function isFull(bucket: TokenBucket, ratePerS: number, nowMs: number): boolean {
  refill(bucket, ratePerS, nowMs);
  return bucket.tokens >= capacity(ratePerS);
}
