import type { TimeValue } from './field-types.ts';

const NS_PER_MS = 1_000_000n;

/** Nanoseconds since 1970; undefined for an invalid date and for what is no time. */
export function toNanoseconds(value: TimeValue): bigint | undefined {
  if (typeof value === 'bigint') return value;
  const ms = value instanceof Date ? value.getTime() : value;
  if (!Number.isFinite(ms)) return undefined;
  const whole = Math.floor(ms);
  return BigInt(whole) * NS_PER_MS + BigInt(Math.round((ms - whole) * 1e6));
}

/** Times of a JSON column: whole milliseconds, rounded down also before 1970, and the nanoseconds left, 0–999,999. */
export interface SplitTimes {
  readonly ms: Float64Array;
  readonly rest: Uint32Array;
  readonly hasRest: boolean;
}

/** 2^32 ns is 4,294 ms and 967,296 ns. */
const HIGH_MS = 4_294;
const HIGH_REST = 967_296;
const NS_PER_MS_NUMBER = 1_000_000;

/**
 * Divides each by a million, without bigints: their division takes most of a stream's time otherwise. Exact, since
 * `high × 967,296 + low` stays below 2^53.
 */
export function splitNanoseconds(nanoseconds: BigInt64Array): SplitTimes {
  const { length } = nanoseconds;
  const halves = new DataView(nanoseconds.buffer, nanoseconds.byteOffset, nanoseconds.byteLength);
  const ms = new Float64Array(length);
  const rest = new Uint32Array(length);
  let hasRest = false;
  for (let row = 0; row < length; row += 1) {
    const high = halves.getInt32(row * 8 + 4, true);
    const left = high * HIGH_REST + halves.getUint32(row * 8, true);
    const leftMs = Math.floor(left / NS_PER_MS_NUMBER);
    const remainder = left - leftMs * NS_PER_MS_NUMBER;
    ms[row] = high * HIGH_MS + leftMs;
    rest[row] = remainder;
    hasRest ||= remainder !== 0;
  }
  return { ms, rest, hasRest };
}
