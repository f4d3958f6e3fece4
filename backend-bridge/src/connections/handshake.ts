import { ConnectQuery, WS_PATH } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import Value from 'typebox/value';
import type { ErrorCode } from '../errors.ts';

const checkQuery = validator(ConnectQuery);

export type Target =
  | { readonly ok: true; readonly query: ConnectQuery }
  | {
      readonly ok: false;
      readonly code: Extract<ErrorCode, 'NOT_FOUND' | 'INVALID_REQUEST'>;
      readonly detail?: string;
    };

/** CONN-1. `url` as it stands in the request line. */
export function parseTarget(url: string): Target {
  const parsed = URL.parse(url, 'http://bridge');
  if (parsed === null || parsed.pathname !== WS_PATH) return { ok: false, code: 'NOT_FOUND' };
  const interval = parsed.searchParams.get('update_interval');
  const delta = parsed.searchParams.get('delta');
  const incidents = parsed.searchParams.get('incidents');
  const query = checkQuery(
    Value.Default(ConnectQuery, {
      ...(interval !== null && { update_interval: /^\d+$/.test(interval) ? Number(interval) : interval }),
      ...(delta !== null && { delta }),
      ...(incidents !== null && { incidents }),
    }),
  );
  if (!query.ok) return { ok: false, code: 'INVALID_REQUEST', detail: query.detail };
  const isAlone = query.value.incidents === '1' && query.value.delta !== '1';
  return isAlone
    ? { ok: false, code: 'INVALID_REQUEST', detail: 'incidents=1 needs delta=1' }
    : { ok: true, query: query.value };
}

/** Values of a header that is a comma-separated list of tokens. */
export const listOf = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/**
 * The offers of Sec-WebSocket-Extensions that can be served, or undefined when there are none. Compressed messages are
 * shared, hence made with the full window: an offer that demands a smaller one is declined, as if it had not been made
 * (RFC 7692, 5.1), rather than the handshake refused.
 */
export function servableExtensions(header: string | undefined): string | undefined {
  const offers = listOf(header).filter(
    (offer) => !/;\s*server_max_window_bits\s*=\s*"?0*(8|9|1[0-4])"?\s*(;|$)/i.test(offer),
  );
  return offers.length === 0 ? undefined : offers.join(', ');
}
