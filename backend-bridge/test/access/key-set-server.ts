import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KeySetServer {
  readonly url: string;
  readonly requests: () => number;
  /** What the issuer answers from now on; `undefined` hangs up. */
  answer(next: { status: number; body: string } | undefined): void;
  close(): Promise<void>;
}

export const keySet = (...keys: object[]): { status: number; body: string } => ({
  status: 200,
  body: JSON.stringify({ keys }),
});

/** An issuer's JSON Web Key Set on a free loopback port. */
export async function startKeySetServer(first: { status: number; body: string } | undefined): Promise<KeySetServer> {
  let current = first;
  let requests = 0;
  const server: Server = createServer((request, response) => {
    requests += 1;
    if (current === undefined) request.socket.destroy();
    else response.writeHead(current.status, { 'content-type': 'application/json' }).end(current.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    requests: () => requests,
    answer: (next) => {
      current = next;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
