import { CLOSE_CODES, ErrorResponse } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import type { BridgeFault } from './bridge.ts';
import { fault } from './faults.ts';

const parseErrorResponse = validator(ErrorResponse);
const MAX_TEXT = 300;

const ENTER_TOKEN = 'Enter a token with the scope read under “Token” in the settings';

/** The bridge speaks to whoever calls it; these say the same to whoever set up the data source. */
const WORDS: Readonly<Record<string, { readonly message?: string; readonly action: string }>> = {
  UNAUTHENTICATED: { message: 'The bridge wants a valid token', action: ENTER_TOKEN },
  FORBIDDEN_SCOPE: {
    message: 'The token does not allow this',
    action: 'Use a token with the scope read; refreshing by hand needs the scope write',
  },
  FORBIDDEN_HOST: {
    message: 'The bridge does not answer for the host in the URL',
    action: 'Use a loopback address in the URL, or add the origin with that host to ALLOWED_ORIGINS of the bridge',
  },
  NOT_READY: {
    message: 'The bridge has not diagnosed anything yet',
    action: 'Try again in a few seconds; if it stays so, check Neo4j and Prometheus behind the bridge',
  },
};

const clip = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** Undefined: not JSON. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** Of a redirect. */
  readonly location?: string | undefined;
}

/** What the bridge said, where it was the bridge that said it. */
function ownWords({ status, text }: Refusal): BridgeFault | undefined {
  const body = parseErrorResponse(parseJson(text)?.value);
  if (!body.ok) return undefined;
  const { code, message, action } = body.value;
  const words = WORDS[code];
  return { code, message: clip(words?.message ?? message), action: clip(words?.action ?? action), httpStatus: status };
}

/** What every bridge has at a fixed path, a bridge at another path of the same server has not. */
export const FIXED_PATH = { isFixedPath: true } as const;

/** Of an answer that is not what was asked for: a refusal of the bridge, or something else that answers in its place. */
export function answerFault(refusal: Refusal, asked: { readonly isFixedPath: boolean }): BridgeFault {
  const { status, type, location } = refusal;
  const own = ownWords(refusal);
  if (own !== undefined && !(asked.isFixedPath && status === 404)) return own;
  const httpStatus = status;
  const detail = `HTTP ${status}`;
  if (status === 401 || status === 403 || status === 407) return fault('ACCESS_DENIED', { detail, httpStatus });
  if (status >= 500) return fault('HTTP_FAILED', { detail, httpStatus });
  const to = location === undefined ? '' : ` to ${clip(location)}`;
  const page = status >= 300 && status < 400 ? `a redirect${to}` : /html/i.test(type) ? 'a web page' : 'something else';
  return fault('NOT_A_BRIDGE', { detail: `it answered with ${page} (${detail})`, httpStatus });
}

const AFTER_CLOSE: Readonly<Record<number, BridgeFault>> = {
  1001: { code: 'SHUTTING_DOWN', message: 'The bridge is shutting down', action: 'Start it again' },
  1009: {
    code: 'MESSAGE_TOO_LARGE',
    message: 'The bridge did not take a message of this plugin',
    action: 'Raise MAX_MESSAGE_BYTES of the bridge',
  },
  [CLOSE_CODES.SLOW_CLIENT]: {
    code: 'SLOW_CLIENT',
    message: 'This plugin does not read as fast as the bridge sends',
    action: 'Raise the update interval in the settings, and check the load of the machine that Grafana runs on',
  },
  [CLOSE_CODES.IDLE_TIMEOUT]: {
    code: 'IDLE_TIMEOUT',
    message: 'Nothing from this plugin reached the bridge for too long',
    action: 'It is opened again by itself; raise IDLE_TIMEOUT_S of the bridge if it happens often',
  },
  [CLOSE_CODES.MESSAGE_RATE_EXCEEDED]: {
    code: 'MESSAGE_RATE_EXCEEDED',
    message: 'This plugin sent more than the bridge allows',
    action: 'Raise MESSAGE_RATE of the bridge',
  },
  [CLOSE_CODES.AUTH_EXPIRED]: fault('AUTH_EXPIRED'),
};
const ABNORMAL = 1006;

/** Why an open socket ended. */
export function closeFault(code: number, reason: string): BridgeFault {
  if (code === ABNORMAL) return fault('CONNECTION_LOST');
  const said = reason === '' ? String(code) : `${code} ${clip(reason)}`;
  return AFTER_CLOSE[code] ?? fault('STREAM_CLOSED', { detail: said });
}
