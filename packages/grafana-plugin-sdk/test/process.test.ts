import { describe, expect, test } from '@jest/globals';
import { handshakeLine, isStartedByHost, readEnvironment } from '../src/process/environment.ts';
import { createLogger, type LogLevel } from '../src/process/logger.ts';
import { Calls } from '../src/rpc/calls.ts';
import { QueryError, queryEach, type Call, type DataQuery, type PluginContext } from '../src/index.ts';

const COOKIE = { grafana_plugin_type: 'datasource' };
const turns = () => new Promise((resolve) => setImmediate(resolve));

function logged(level?: LogLevel) {
  const lines: string[] = [];
  const log = createLogger({
    write: (line) => lines.push(line),
    nowMs: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    module: 'test',
    ...(level && { level }),
  });
  return { log, lines, entries: () => lines.map((line) => JSON.parse(line)) };
}

describe("the host's environment", () => {
  test('without the cookie, nobody stands behind it', () => {
    expect([{}, { grafana_plugin_type: 'panel' }, COOKIE].map(isStartedByHost)).toEqual([false, false, true]);
  });

  test('ports', () => {
    expect(readEnvironment({ ...COOKIE, PLUGIN_MIN_PORT: '1000', PLUGIN_MAX_PORT: '2000' }).ports).toEqual({
      ...{ min: 1000, max: 2000 },
    });
    expect(readEnvironment(COOKIE).ports).toEqual({ min: 0, max: 0 });
    expect(() => readEnvironment({ ...COOKIE, PLUGIN_MIN_PORT: 'x' })).toThrow('PLUGIN_MIN_PORT is no port: x');
    expect(() => readEnvironment({ ...COOKIE, PLUGIN_MIN_PORT: '2', PLUGIN_MAX_PORT: '1' })).toThrow('is above');
  });

  test('mutual TLS is refused', () => {
    expect(() => readEnvironment({ ...COOKIE, PLUGIN_CLIENT_CERT: '-----BEGIN' })).toThrow('PLUGIN_CLIENT_CERT');
  });

  test('the handshake says no to multiplexing only when it is asked', () => {
    const address = { network: 'unix', address: '/tmp/x/s' } as const;
    expect(handshakeLine(address, readEnvironment(COOKIE))).toBe('1|2|unix|/tmp/x/s|grpc');
    expect(handshakeLine(address, readEnvironment({ ...COOKIE, PLUGIN_MULTIPLEX_GRPC: 'true' }))).toBe(
      '1|2|unix|/tmp/x/s|grpc||false',
    );
  });
});

describe('log entries', () => {
  test('have the form that the host parses', () => {
    const { log, lines } = logged();
    log.info('ready', { port: 5 });
    expect(lines).toEqual([
      '{"@level":"info","@message":"ready","@module":"test","@timestamp":"2026-01-02T03:04:05.006000Z","port":5}\n',
    ]);
  });

  test('have a text for a message, whatever was given', () => {
    const { log, entries } = logged();
    for (const message of [undefined, null, 5, { a: 1 }, ['x']]) log.warn(message as unknown as string);
    expect(entries().map((entry) => entry['@message'])).toEqual(['undefined', 'null', '5', '[object Object]', 'x']);
  });

  test('take fields of any kind, and none that is the host’s own', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const { log, entries } = logged();
    log.error('odd', {
      ...{ '@level': 'x', circular, big: 5n, inner: { big: 6n }, none: null, missing: undefined, symbol: Symbol('s') },
      ...{ error: new TypeError('broken'), long: 'x'.repeat(100_000) },
    });
    const [entry] = entries();
    expect(entry).toMatchObject({ '@level': 'error', big: '5', inner: { big: '6' }, none: null, symbol: 'Symbol(s)' });
    expect(entry.circular).toMatch(/^\[not loggable: /);
    expect(entry.error).toMatch(/^TypeError: broken\n/);
    expect(entry.long.length).toBeLessThan(10_000);
  });

  test('carry the fields of their logger, and none below its level is written', () => {
    const { log, entries } = logged('info');
    const inner = log.with({ uid: 'a' }).with({ refId: 'B' });
    inner.debug('not this');
    inner.info('this', { refId: 'C' });
    expect(entries()).toMatchObject([{ '@message': 'this', uid: 'a', refId: 'C' }]);
  });
});

describe('calls at the end', () => {
  const lasting = (calls: Calls, kind: 'finite' | 'endless') => {
    const seen = { aborted: false };
    const done = Promise.withResolvers<undefined>();
    const run = calls.run(kind, async (signal) => {
      signal.addEventListener('abort', () => {
        seen.aborted = true;
        done.resolve(undefined);
      });
      await done.promise;
    });
    return { seen, run, finish: () => done.resolve(undefined) };
  };

  test('endless ones are ended at once, others may finish', async () => {
    const calls = new Calls();
    const stream = lasting(calls, 'endless');
    const query = lasting(calls, 'finite');
    let drained = false;
    const drain = calls.drain(new AbortController().signal).then(() => {
      drained = true;
    });
    await turns();
    expect([stream.seen.aborted, query.seen.aborted, drained]).toEqual([true, false, false]);
    query.finish();
    await Promise.all([drain, query.run, stream.run]);
    expect(query.seen.aborted).toBe(false);
  });

  test('what goes on too long is ended', async () => {
    const calls = new Calls();
    const grace = new AbortController();
    const query = lasting(calls, 'finite');
    const drain = calls.drain(grace.signal);
    grace.abort();
    await Promise.all([drain, query.run]);
    expect(query.seen.aborted).toBe(true);
  });

  test('an endless one that comes late is ended as it begins', async () => {
    const calls = new Calls();
    await calls.drain(new AbortController().signal);
    expect(await calls.run('endless', async (signal) => signal.aborted)).toBe(true);
  });

  test('a cancel after the end aborts nothing', async () => {
    const calls = new Calls();
    const [signal, cancel] = await calls.run('finite', async (own, abort) => [own, abort] as const);
    cancel();
    expect(signal.aborted).toBe(false);
  });
});

describe('queries of one request', () => {
  const context: PluginContext = {
    ...{ orgId: 1, pluginId: 'p', pluginVersion: '', apiVersion: '', userAgent: '', grafanaConfig: {} },
  };
  const query = (refId: string): DataQuery => ({
    ...{ refId, queryType: '', maxDataPoints: 1, intervalMs: 1, timeRange: { fromMs: 0, toMs: 1 }, json: () => ({}) },
  });
  const call: Call = { signal: new AbortController().signal, log: logged().log };

  test('run beside each other and fail apart', async () => {
    const started: string[] = [];
    const handler = queryEach(async ({ refId }) => {
      started.push(refId);
      await turns();
      expect(started).toHaveLength(3);
      if (refId === 'A') throw new QueryError('theirs', { status: 502, source: 'downstream' });
      if (refId === 'B') throw new Error('ours');
      return [{ fields: [] }];
    });
    const request = { context, headers: {}, queries: ['A', 'B', 'C'].map(query) };
    const results = await handler.queryData(request, call);
    expect(results.get('A')?.error).toMatchObject({ message: 'theirs', status: 502, source: 'downstream' });
    expect(results.get('B')?.error).toMatchObject({ message: 'ours', status: 500, source: 'plugin' });
    expect(results.get('C')).toEqual({ frames: [{ fields: [] }] });
  });
});
