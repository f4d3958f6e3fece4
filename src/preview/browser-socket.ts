import {
  answerFault,
  BridgeUnavailable,
  closeFault,
  fault,
  FIXED_PATH,
  restUrl,
  socketUrl,
  type Address,
  type BridgeFault,
  type OpenSocket,
  type Request,
} from '@topdeck/backend-datasource/bridge';
import { WS_SUBPROTOCOL, WS_TOKEN_SUBPROTOCOL_PREFIX } from '@topdeck/protocol';

export interface SocketParts {
  readonly address: Address;
  readonly token: string | undefined;
  readonly intervalS: number;
  readonly request: Request;
  readonly lifetime: AbortSignal;
}

const MAX_REFUSAL_BYTES = 64 * 1024;

/** Characters that a browser lets into the name of a subprotocol, which is how it hands a token over (SEC-1). */
export const isSendableToken = (token: string): boolean => /^[\w!#$%&'*+\-.^`|~]+$/.test(token);

/**
 * A browser does not tell why a handshake was refused: a read with the same token meets the same refusal, and is answered
 * in words.
 */
async function whyRefused({ address, request, lifetime }: SocketParts): Promise<BridgeFault> {
  try {
    const url = `${restUrl(address)}/health`;
    const { status, type, body } = await request({ method: 'GET', url, maxBytes: MAX_REFUSAL_BYTES, signal: lifetime });
    if (status >= 200 && status < 300) return fault('CONNECTION_LOST');
    return answerFault({ status, type, text: new TextDecoder().decode(body) }, FIXED_PATH);
  } catch (error) {
    return error instanceof BridgeUnavailable ? error.fault : fault('CONNECTION_LOST');
  }
}

/** The extended stream over the browser's own WebSocket. */
export function createOpenSocket(parts: SocketParts): OpenSocket {
  const { address, token, intervalS } = parts;
  const protocols = [WS_SUBPROTOCOL, ...(token === undefined ? [] : [`${WS_TOKEN_SUBPROTOCOL_PREFIX}${token}`])];
  return ({ opened, message, failed }) => {
    let isEnded = false;
    let isOpen = false;
    const socket = new WebSocket(socketUrl(address, intervalS), protocols);
    const tell = (told: BridgeFault): void => {
      if (!isEnded) failed(told);
    };
    socket.addEventListener('open', () => {
      isOpen = true;
      if (!isEnded) opened();
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      // Empty text is as little a message of the protocol as anything binary is.
      if (!isEnded) message(typeof data === 'string' ? data : '');
    });
    socket.addEventListener('close', ({ code, reason }) => {
      if (isOpen) tell(closeFault(code, reason));
      else if (!isEnded) void whyRefused(parts).then(tell);
    });
    return {
      send(text) {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      end() {
        isEnded = true;
        socket.close();
      },
    };
  };
}
