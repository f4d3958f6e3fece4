/** A diagnosing thread without a diagnosis: serves a feed that ticks, fails and crashes when a test asks it to. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { BridgeError } from '../../src/errors.ts';
import { toFault } from '../../src/pipeline/feed-messages.ts';
import { FeedServer } from '../../src/pipeline/feed-server.ts';
import type { Feed, TickNotice } from '../../src/publisher/feed.ts';
import { silentLog } from '../../src/telemetry/log.ts';

export interface StubWorkerData {
  readonly start: 'ok' | 'refused' | 'crash';
  /** Tells one run from another. */
  readonly run: number;
}

const { start, run } = workerData as StubWorkerData;
const port = parentPort as MessagePort;
const epoch = `run-${run}`;
const listeners = new Set<(notice: TickNotice) => void>();
const text = Buffer.from(JSON.stringify({ epoch }));
let renders = 0;
let seq = 0;

const feed: Feed = {
  listen(onTick) {
    listeners.add(onTick);
    return () => listeners.delete(onTick);
  },
  status: async () => {
    const source = { source: 'stub', state: 'fresh' } as const;
    return { running: listeners.size > 0, epoch, seq, atMs: undefined, topology: source, metrics: source };
  },
  async read(request) {
    if (request.read !== 'service') return text;
    switch (request.resourceId) {
      case 'exit':
        process.exit(3);
      // falls through: the line above ends the thread.
      case 'throw':
        setImmediate(() => {
          throw new Error('worker broke');
        });
        return new Promise(() => undefined);
      case 'never':
        return new Promise(() => undefined);
      case 'fault':
        throw new BridgeError('NOT_READY', { detail: 'not yet' });
      case 'defect':
        throw new TypeError('a secret inside');
      default:
        return undefined;
    }
  },
  async render({ form, deflate }) {
    renders += 1;
    return { form, seq: renders, text, deflated: deflate ? text : undefined };
  },
  renderEvents: async () => ({ messages: [{ seq: 1, original: undefined, extended: text }], complete: true }),
  async refresh() {
    const notice = { epoch, seq: (seq += 1), atMs: 0, eventCount: 0 };
    for (const onTick of listeners) onTick(notice);
    return notice;
  },
  events: async ({ limit }) =>
    Array.from({ length: limit ?? 1 }, (_, id) => ({
      id,
      type: 'health_change',
      timestamp: '',
      resource_id: 'a',
      data: {},
    })),
  healthHistory: async (query) => Buffer.from(JSON.stringify(query)),
  metricRange: async (metric, query) => Buffer.from(JSON.stringify([metric, query])),
  comparison: async (id, query) => Buffer.from(JSON.stringify([id, query])),
  reportChange: async (change) => ({ change_id: 1, at: '', ...change }),
  metricsText: async () => `renders ${renders}`,
  close: async () => undefined,
};

if (start === 'crash') throw new Error('no start');
if (start === 'refused') {
  const fault = toFault(new BridgeError('NEO4J_AUTH_FAILED', { detail: 'neo4j' }));
  port.postMessage({ kind: 'start-failed', fault });
} else {
  new FeedServer(port, feed, silentLog);
  port.postMessage({ kind: 'started' });
}
