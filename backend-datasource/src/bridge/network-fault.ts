import type { BridgeFault } from './bridge.ts';
import { fault, type FaultCode } from './faults.ts';

/** Codes of Node and of Bun, which agree on all but what their TLS libraries say of each other's alerts. */
const BY_CODE: Readonly<Record<string, FaultCode>> = {
  ECONNREFUSED: 'CONNECTION_REFUSED',
  ENOTFOUND: 'HOST_NOT_FOUND',
  EAI_AGAIN: 'HOST_NOT_FOUND',
  EAI_NODATA: 'HOST_NOT_FOUND',
  EHOSTUNREACH: 'HOST_UNREACHABLE',
  ENETUNREACH: 'HOST_UNREACHABLE',
  EHOSTDOWN: 'HOST_UNREACHABLE',
  ECONNRESET: 'CONNECTION_LOST',
  ECONNABORTED: 'CONNECTION_LOST',
  EPIPE: 'CONNECTION_LOST',
  ETIMEDOUT: 'TIMEOUT',
  CERT_HAS_EXPIRED: 'TLS_EXPIRED',
  CERT_NOT_YET_VALID: 'TLS_EXPIRED',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS_WRONG_NAME',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS_UNTRUSTED',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS_UNTRUSTED',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT: 'TLS_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TLS_UNTRUSTED',
  CERT_SIGNATURE_FAILURE: 'TLS_UNTRUSTED',
  CERT_UNTRUSTED: 'TLS_UNTRUSTED',
  INVALID_CA: 'TLS_UNTRUSTED',
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'ANSWER_TOO_LARGE',
};
const BY_PATTERN: readonly (readonly [RegExp, FaultCode])[] = [
  [/certificate[ _](required|unknown)|bad[ _]certificate|unknown[ _]ca/i, 'TLS_CLIENT_CERTIFICATE'],
  [/^(EPROTO|ERR_SSL|ERR_TLS)/, 'TLS_FAILED'],
  [/^HPE_/, 'NOT_A_BRIDGE'],
  [/^WS_ERR_/, 'STREAM_BROKEN'],
  [/timed out/i, 'TIMEOUT'],
  [/socket hang up|closed before/i, 'CONNECTION_LOST'],
  [/^(Unexpected server response|Invalid Sec-WebSocket|Invalid Upgrade)/, 'NOT_A_BRIDGE'],
];

/** What a socket or a request failed with, in words. What nothing is known of keeps its own. */
export function networkFault(error: unknown): BridgeFault {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const name = typeof code === 'string' ? code : '';
  const text = typeof message === 'string' ? message : String(error);
  const known = BY_CODE[name] ?? BY_PATTERN.find(([pattern]) => pattern.test(name) || pattern.test(text))?.[1];
  if (known !== undefined) return fault(known, name === '' ? {} : { detail: name });
  return fault('NETWORK_FAILED', { detail: name === '' ? text.slice(0, 200) : name });
}
