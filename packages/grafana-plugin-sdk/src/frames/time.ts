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

/** Milliseconds, rounded down also before 1970, and the nanoseconds left, 0–999,999. */
export function splitNanoseconds(nanoseconds: bigint): { readonly ms: bigint; readonly rest: number } {
  const remainder = nanoseconds % NS_PER_MS;
  const rest = remainder < 0n ? remainder + NS_PER_MS : remainder;
  return { ms: (nanoseconds - rest) / NS_PER_MS, rest: Number(rest) };
}
