import { WS_TOKEN_SUBPROTOCOL_PREFIX } from '@topdeck/protocol';

/** What a request says about who sends it. */
export interface Credentials {
  /** Value of the Authorization header. */
  readonly authorization?: string | undefined;
  /** Subprotocols offered in a WebSocket handshake. */
  readonly protocols?: readonly string[] | undefined;
}

/** Node takes 16 KiB of headers in all; a token beyond this is not one of ours and not worth parsing. */
const MAX_TOKEN_LENGTH = 8192;

/** SEC-1. The header wins over a subprotocol; undefined where there is no token or it is not of the form expected. */
export function presentedToken(credentials: Credentials): string | undefined {
  const token =
    credentials.authorization === undefined
      ? credentials.protocols
          ?.find((protocol) => protocol.startsWith(WS_TOKEN_SUBPROTOCOL_PREFIX))
          ?.slice(WS_TOKEN_SUBPROTOCOL_PREFIX.length)
      : /^bearer +(\S+) *$/i.exec(credentials.authorization)?.[1];
  return token !== undefined && token !== '' && token.length <= MAX_TOKEN_LENGTH ? token : undefined;
}
