import { once } from 'node:events';
import { jsonResponse, QueryError, type CallResourceHandler, type Logger } from '../src/index.ts';
import { state } from './fixture-queries.ts';

type Handle = CallResourceHandler['callResource'];

/** Everything that prints, in the ways that have hurt hosts before. */
function print(log: Logger): void {
  const { console: terminal } = globalThis;
  terminal.log('printed %s', 'text', { a: 1 });
  terminal.error('printed error');
  process.stdout.write('half a ');
  process.stdout.write('line\nand more\n');
  process.stderr.write('raw stderr\n');
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  log.warn({ not: 'a string' } as unknown as string, { circular, error: new Error('with a stack'), none: undefined });
  log.error('long', { text: 'x'.repeat(200_000) });
}

const routes = (log: Logger): Readonly<Record<string, Handle>> => ({
  echo: async ({ method, path, url, headers, body }, send) =>
    send({
      ...jsonResponse({ method, path, url, headers, bytes: body.byteLength }, 201),
      headers: { 'x-two': ['a', 'b'] },
    }),
  chunks: async (_request, send) => {
    for (let chunk = 0; chunk < 50; chunk += 1) await send({ body: new Uint8Array(1024 * 1024).fill(chunk) });
  },
  flood: async (_request, send, { signal }) => {
    state.sent = 0;
    const body = new Uint8Array(64 * 1024);
    while (!signal.aborted) {
      await send({ body });
      state.sent += 1;
    }
  },
  state: async (_request, send) => send(jsonResponse({ ...state, pid: process.pid, env: Object.keys(process.env) })),
  hang: async (_request, _send, { signal }) => {
    if (!signal.aborted) await once(signal, 'abort');
    // Goes on, though nobody wants it to.
    await new Promise(() => setTimeout(() => log.info('still here'), 60_000));
  },
  fail: async () => {
    throw new QueryError('out of order', { source: 'downstream' });
  },
  print: async (_request, send) => {
    print(log);
    await send({ status: 204 });
  },
  crash: async (_request, send) => {
    setTimeout(() => {
      throw new Error('nobody catches this');
    }, 10);
    await send({ status: 202 });
  },
  reject: async (_request, send) => {
    setTimeout(() => void Promise.reject(new Error('nobody handles this')), 10);
    await send({ status: 202 });
  },
});

export function resource(log: Logger): CallResourceHandler {
  const table = routes(log);
  return {
    callResource: async (request, send, call) => {
      const handle = table[request.path];
      if (handle === undefined) await send(jsonResponse({ message: 'not found' }, 404));
      else await handle(request, send, call);
    },
  };
}
