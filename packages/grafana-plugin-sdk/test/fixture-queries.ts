import { setTimeout as delay } from 'node:timers/promises';
import {
  field,
  QueryError,
  type Call,
  type DataQuery,
  type Frame,
  type QueryChunkedDataHandler,
} from '../src/index.ts';
import { everyType, noFields, noRows, series, specialNumbers } from './fixture-frames.ts';

export interface FixtureInstance {
  readonly id: number;
  readonly url: string;
}

/** What the tests ask for afterwards. */
export const state = {
  instancesCreated: 0,
  instancesDisposed: 0,
  running: 0,
  cancelled: 0,
  sent: 0,
};

interface Model {
  readonly bytes?: number;
  readonly points?: number;
  readonly waitMs?: number;
  readonly ignoreCancel?: boolean;
}

/** Waits, and counts itself among the cancelled when the host gives up before. */
async function wait({ waitMs = 0, ignoreCancel = false }: Model, { signal }: Call): Promise<void> {
  state.running += 1;
  try {
    await delay(waitMs, undefined, ignoreCancel ? {} : { signal });
  } catch (error) {
    state.cancelled += 1;
    throw error;
  } finally {
    state.running -= 1;
  }
}

type Run = (
  model: Model,
  context: { readonly query: DataQuery; readonly instance: FixtureInstance; readonly call: Call },
) => Promise<readonly Frame[]>;

const QUERIES: Readonly<Record<string, Run>> = {
  types: async () => [everyType, specialNumbers],
  empty: async () => [noFields, noRows],
  nothing: async () => [],
  series: async ({ points = 100 }, { query }) => [series(points, query.timeRange.fromMs)],
  instance: async (_model, { instance }) => [
    { fields: [field.int64('id', [instance.id]), field.string('url', [instance.url])] },
  ],
  downstream: async () => {
    throw new QueryError('the database is asleep', { status: 502, source: 'downstream' });
  },
  bug: async () => {
    throw new TypeError('cannot read what is not there');
  },
  unencodable: async () => [{ fields: [field.int8('small', [1, 300])] }],
  big: async ({ bytes = 0 }) => [{ fields: [field.string('text', ['x'.repeat(bytes)])] }],
  received: async (_model, { query }) => [{ fields: [field.int64('bytes', [JSON.stringify(query.json()).length])] }],
  slow: async (model, { call }) => {
    await wait(model, call);
    return [noRows];
  },
};

export async function runQuery(query: DataQuery, instance: FixtureInstance, call: Call): Promise<readonly Frame[]> {
  const run = QUERIES[query.queryType];
  if (run === undefined) {
    throw new QueryError(`no query type ${query.queryType}`, { status: 400, source: 'downstream' });
  }
  return run(query.json() as Model, { query, instance, call });
}

export const chunkedData: QueryChunkedDataHandler = {
  queryChunkedData: async ({ queries }, writer, call) => {
    for (const { refId, queryType, json } of queries) {
      const { points = 3, bytes = 0 } = json() as Model;
      if (queryType === 'rows') {
        for (let chunk = 0; chunk < points; chunk += 1) await writer.frame(refId, `${refId}-0`, series(10, chunk));
      } else if (queryType === 'flood') {
        state.sent = 0;
        while (!call.signal.aborted) {
          await writer.frame(refId, 'flood', { fields: [field.string('text', ['x'.repeat(bytes)])] });
          state.sent += 1;
        }
      } else if (queryType === 'fail') {
        throw new QueryError('the whole call failed', { source: 'downstream' });
      } else {
        await writer.error(refId, new QueryError('no such chunks', { status: 404, source: 'downstream' }));
      }
    }
  },
};
