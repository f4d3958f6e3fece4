import type { ConnectionLimits } from './limits.ts';

/** The bridge asks for a sign of life this often, or three times within the idle timeout. */
const MAX_PING_INTERVAL_MS = 30_000;

/** What is looked at each second. Times are monotonic but for `expiresAtMs`. */
export interface Vitals {
  readonly lastHeardMs: number;
  readonly pingedMs: number;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number | undefined;
}

/** LIM-7 and SEC-4. */
export function checkup(
  { lastHeardMs, pingedMs, expiresAtMs }: Vitals,
  now: { readonly monotonicMs: number; readonly wallMs: number },
  { idleTimeoutMs }: Pick<ConnectionLimits, 'idleTimeoutMs'>,
): 'fine' | 'ping' | 'AUTH_EXPIRED' | 'IDLE_TIMEOUT' {
  if (expiresAtMs !== undefined && now.wallMs >= expiresAtMs) return 'AUTH_EXPIRED';
  if (now.monotonicMs - lastHeardMs >= idleTimeoutMs) return 'IDLE_TIMEOUT';
  const quietMs = now.monotonicMs - Math.max(lastHeardMs, pingedMs);
  return quietMs >= Math.min(MAX_PING_INTERVAL_MS, idleTimeoutMs / 3) ? 'ping' : 'fine';
}
