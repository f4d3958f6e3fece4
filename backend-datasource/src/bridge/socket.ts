import type { IncomingMessage } from 'node:http';
import { WebSocket, type RawData } from 'ws';
import type { Settings } from '../settings.ts';
import { socketUrl } from './address.ts';
import { answerFault, closeFault, FIXED_PATH } from './answer-fault.ts';
import type { BridgeFault } from './bridge.ts';
import { authorisation, tlsOptions } from './http-request.ts';
import { networkFault } from './network-fault.ts';
import type { OpenSocket } from './transport.ts';

/** A snapshot of 10,000 services has 18 MB. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
const MAX_REFUSAL_BYTES = 64 * 1024;
const OK = 200;

/** The bridge's words for why it refused the handshake, or those of what answered in its place. */
async function refusal(response: IncomingMessage): Promise<BridgeFault> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_REFUSAL_BYTES) break;
  }
  const { statusCode: status = OK, headers } = response;
  const text = Buffer.concat(chunks).toString('utf8');
  return answerFault({ status, type: headers['content-type'] ?? '', location: headers.location, text }, FIXED_PATH);
}

/**
 * Opens the extended stream. `ws` serves both runtimes: Bun puts its own in its place, which was found to take the same
 * options and to tell the same of refusals, TLS faults and close codes.
 */
export function createOpenSocket(settings: Settings): OpenSocket {
  const url = socketUrl(settings.address, settings.updateIntervalMs / 1000);
  const options = {
    headers: authorisation(settings),
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: { clientNoContextTakeover: true, serverNoContextTakeover: true },
    ...(settings.address.isSecure && tlsOptions(settings)),
  };
  return ({ opened, message, failed }) => {
    let isEnded = false;
    const socket = new WebSocket(url, options);
    const tell = (told: BridgeFault): void => {
      if (!isEnded) failed(told);
    };
    socket.on('open', () => {
      if (!isEnded) opened();
    });
    socket.on('message', (data: RawData, isBinary: boolean) => {
      // Empty text is as little a message of the protocol as anything binary is.
      if (!isEnded) message(isBinary ? '' : (data as Buffer).toString('utf8'));
    });
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      refusal(response).then(tell, (error: unknown) => tell(networkFault(error)));
    });
    // Stays until the end: ending a socket that is not open yet is an error too.
    socket.on('error', (error) => tell(networkFault(error)));
    socket.on('close', (code, reason) => tell(closeFault(code, reason.toString('utf8'))));
    return {
      send(text) {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      end() {
        isEnded = true;
        socket.terminate();
      },
    };
  };
}
