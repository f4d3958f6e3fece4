import { setTimeout as delay } from 'node:timers/promises';
import type { StreamHandler } from '../src/index.ts';
import { everyType, series, specialNumbers } from './fixture-frames.ts';
import { state } from './fixture-queries.ts';

type Run = StreamHandler['runStream'];

const STREAMS: Readonly<Record<string, Run>> = {
  // Schema once, then data alone.
  types: async (_request, send) => {
    await send.frame(everyType);
    await send.frame(everyType, 'data');
    await send.json({ done: true });
  },
  ticks: async (_request, send, { signal }) => {
    for (let tick = 0; !signal.aborted; tick += 1) {
      await send.frame(series(2, tick));
      await delay(20, undefined, { signal });
    }
  },
  special: async (_request, send) => send.frame(specialNumbers),
  // As fast as the host takes them.
  flood: async (_request, send, { signal }) => {
    state.sent = 0;
    const frame = series(1_000);
    try {
      while (!signal.aborted) {
        await send.frame(frame);
        state.sent += 1;
      }
    } finally {
      if (signal.aborted) state.cancelled += 1;
    }
  },
};

export const stream: StreamHandler = {
  subscribeStream: async ({ path, data, context }) => {
    if (path === 'secret' && context.user?.role !== 'Admin') return { verdict: 'permission denied' };
    if (path === 'secret') return { verdict: 'ok', initial: { json: { asked: Buffer.from(data).toString() } } };
    return path in STREAMS ? { verdict: 'ok', initial: { frame: everyType } } : { verdict: 'not found' };
  },
  runStream: async (request, send, call) => {
    const run = STREAMS[request.path];
    if (run === undefined) throw new Error(`no stream ${request.path}`);
    await run(request, send, call);
  },
  publishStream: async ({ path, data }) =>
    path === 'chat'
      ? { verdict: 'ok', json: { said: JSON.parse(Buffer.from(data).toString()) as unknown } }
      : { verdict: 'permission denied' },
};
