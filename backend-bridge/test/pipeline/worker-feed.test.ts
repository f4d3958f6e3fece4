import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from '@jest/globals';
import { WorkerFeed } from '../../src/pipeline/worker-feed.ts';
import type { TickNotice } from '../../src/publisher/feed.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';
import type { StubWorkerData } from './stub-worker.ts';

const ALL = { kind: 'all' } as const;
const TIME = '2026-01-01T00:00:00.000Z';
const open = new Set<WorkerFeed>();
afterEach(async () => {
  for (const feed of open) await feed.close();
  open.clear();
});

/** `starts` says how each worker in turn starts; the last stays. Backoff follows the fake clock, workers real time. */
function setUp(...starts: StubWorkerData['start'][]) {
  const clock = new FakeClock();
  const { log, events, text } = captureLog();
  let run = 0;
  let restarts = 0;
  const feed = new WorkerFeed({
    startWorker: () => {
      const workerData: StubWorkerData = { start: starts[Math.min(run, starts.length - 1)] ?? 'ok', run: (run += 1) };
      return new Worker(new URL('./stub-worker.ts', import.meta.url), { workerData, stderr: true });
    },
    onRestart: () => (restarts += 1),
    clock,
    log,
  });
  open.add(feed);
  return { feed, clock, events, text, runs: () => run, restarts: () => restarts };
}
const service = (resourceId: string) => ({ read: 'service', resourceId }) as const;
const json = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());

async function until(condition: () => boolean): Promise<void> {
  for (let k = 0; k < 500 && !condition(); k += 1) await wait(10);
  expect(condition()).toBe(true);
}

describe('a feed served by another thread', () => {
  test('answers calls, with faults as they were and defects without what is inside (SEC-5)', async () => {
    const { feed } = setUp();
    await feed.start();
    expect(await feed.status()).toMatchObject({ running: false, epoch: 'run-1' });
    expect(await feed.read(service('unknown'))).toBeUndefined();
    expect(json((await feed.read({ read: 'snapshot' }))!)).toEqual({ epoch: 'run-1' });
    expect(await feed.events({ limit: 3 })).toHaveLength(3);
    const range = { since: TIME, until: TIME, resource_id: ['a', 'b'] };
    expect(json(await feed.healthHistory(range))).toEqual(range);
    expect(json(await feed.metricRange('error_rate', { ...range, scope: 'edge' }))).toEqual([
      'error_rate',
      { ...range, scope: 'edge' },
    ]);
    expect(json(await feed.comparison('a', { metric: 'x' }))).toEqual(['a', { metric: 'x' }]);
    const change = { kind: 'deploy', title: 'v2', resource_id: 'a' } as const;
    expect(await feed.reportChange(change)).toMatchObject(change);
    const { messages } = await feed.renderEvents(ALL, 0);
    expect(json(messages[0].extended)).toEqual({ epoch: 'run-1' });
    await expect(feed.read(service('fault'))).rejects.toMatchObject({
      code: 'NOT_READY',
      detail: 'not yet',
      status: 503,
    });
    const defect = await feed.read(service('defect')).catch((error: unknown) => error as Error);
    expect(defect).toMatchObject({ code: 'INTERNAL' });
    expect(String(defect)).not.toContain('secret');
  });

  test('tells ticks to all who listen, and the other thread whether anybody does', async () => {
    const { feed } = setUp();
    await feed.start();
    const told: number[][] = [[], []];
    const stops = told.map((seqs) => feed.listen(({ seq }) => seqs.push(seq)));
    expect((await feed.status()).running).toBe(true);
    await feed.refresh();
    stops[0]();
    await feed.refresh();
    expect(told).toEqual([[1], [1, 2]]);
    stops[1]();
    stops[1]();
    expect((await feed.status()).running).toBe(false);
  });

  test('a message crosses once for all who ask for it until the next tick', async () => {
    const { feed } = setUp();
    await feed.start();
    feed.listen(() => undefined);
    const request = { form: 'full', view: ALL, deflate: true } as const;
    const [first, second] = await Promise.all([feed.render(request), feed.render(request)]);
    expect(second.text).toBe(first.text);
    expect(await feed.render(request)).toBe(first);
    expect(await feed.metricsText()).toBe('renders 1');
    await feed.render({ ...request, deflate: false });
    await feed.render({ form: 'delta', view: ALL, fromSeq: 3, deflate: true });
    await feed.render({ form: 'delta', view: ALL, fromSeq: 4, deflate: true });
    expect(await feed.metricsText()).toBe('renders 4');
    await feed.refresh();
    expect((await feed.render(request)).seq).toBe(5);
  });

  test('CONN-5 an original message is asked for anew after half a second', async () => {
    const { feed, clock } = setUp();
    await feed.start();
    const request = { form: 'original', view: ALL, deflate: false } as const;
    const first = await feed.render(request);
    await clock.advance(400);
    expect(await feed.render(request)).toBe(first);
    await clock.advance(200);
    expect((await feed.render(request)).seq).toBe(2);
  });

  test('REST-8 an answer is shared for half a second, a refusal is not kept', async () => {
    const { feed, clock } = setUp();
    await feed.start();
    const [first, second] = await Promise.all([feed.read({ read: 'snapshot' }), feed.read({ read: 'snapshot' })]);
    expect(second).toBe(first);
    await clock.advance(600);
    expect(await feed.read({ read: 'snapshot' })).not.toBe(first);
    const refusals = [feed.read(service('fault')), feed.read(service('fault'))];
    for (const refusal of refusals) await expect(refusal).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(await feed.read(service('unknown'))).toBeUndefined();
  });

  test('the fault that keeps the worker from starting rejects start', async () => {
    const { feed } = setUp('refused');
    await expect(feed.start()).rejects.toMatchObject({ code: 'NEO4J_AUTH_FAILED', detail: 'neo4j' });
  });

  test('a worker that ends while it starts rejects start', async () => {
    const { feed } = setUp('crash');
    await expect(feed.start()).rejects.toMatchObject({ code: 'PIPELINE_FAILED', cause: { message: 'no start' } });
  });
});

describe('a worker that crashes', () => {
  test.each(['exit', 'throw'])(
    'by %s fails the calls under way, is replaced after 1 s, and listeners stay',
    async (way) => {
      const { feed, clock, events, restarts } = setUp();
      await feed.start();
      const notices: TickNotice[] = [];
      feed.listen((notice) => notices.push(notice));
      await feed.refresh();
      const calls = [feed.read(service('never')), feed.read(service(way))];
      for (const outcome of await Promise.allSettled(calls))
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'PIPELINE_FAILED' } });
      await expect(feed.status()).rejects.toMatchObject({ code: 'PIPELINE_FAILED' });
      expect(events()).toMatchObject([{ event: 'pipeline.crashed' }]);

      await clock.advance(999);
      expect(restarts()).toBe(0);
      await clock.advance(1);
      expect(restarts()).toBe(1);
      await until(() => events().some(({ event }) => event === 'pipeline.restarted'));
      expect(await feed.status()).toMatchObject({ running: true, epoch: 'run-2' });
      await feed.refresh();
      expect(notices.map(({ epoch }) => epoch)).toEqual(['run-1', 'run-2']);
    },
  );

  test('is forgotten with what it rendered', async () => {
    const { feed, clock, events } = setUp();
    await feed.start();
    const request = { form: 'full', view: ALL, deflate: false } as const;
    await feed.render(request);
    await expect(feed.read(service('exit'))).rejects.toMatchObject({ code: 'PIPELINE_FAILED' });
    await expect(feed.render(request)).rejects.toMatchObject({ code: 'PIPELINE_FAILED' });
    await clock.advance(1_000);
    await until(() => events().some(({ event }) => event === 'pipeline.restarted'));
    expect(json((await feed.render(request)).text)).toEqual({ epoch: 'run-2' });
  });

  test('again and again is replaced after 1, 2, 4 … 30 s, also when it does not even start', async () => {
    const { feed, clock, events, restarts } = setUp('ok', 'crash', 'refused', 'crash', 'crash', 'crash', 'crash', 'ok');
    await feed.start();
    await expect(feed.read(service('exit'))).rejects.toMatchObject({ code: 'PIPELINE_FAILED' });
    for (const [k, delayS] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      const failed = (): number => events().filter(({ event }) => event === 'pipeline.restart_failed').length;
      await until(() => failed() === k);
      await clock.advance(delayS * 1_000 - 1);
      expect(restarts()).toBe(k);
      await clock.advance(1);
      expect(restarts()).toBe(k + 1);
    }
    await until(() => events().some(({ event }) => event === 'pipeline.restarted'));
    expect((await feed.status()).epoch).toBe('run-8');
  });

  test('after a minute is replaced after 1 s again', async () => {
    const { feed, clock, events, restarts } = setUp();
    await feed.start();
    for (const expected of [1, 2]) {
      await expect(feed.read(service('exit'))).rejects.toMatchObject({ code: 'PIPELINE_FAILED' });
      await clock.advance(1_000);
      expect(restarts()).toBe(expected);
      await until(() => events().filter(({ event }) => event === 'pipeline.restarted').length === expected);
      await clock.advance(60_000);
    }
  });
});

describe('closing', () => {
  test('fails the calls under way and ends the worker', async () => {
    const { feed, clock, runs } = setUp();
    await feed.start();
    const call = expect(feed.read(service('never'))).rejects.toMatchObject({ code: 'PIPELINE_FAILED' });
    await feed.close();
    await call;
    await expect(feed.status()).rejects.toMatchObject({ code: 'PIPELINE_FAILED' });
    await clock.advance(60_000);
    expect(runs()).toBe(1);
  });

  test('while down gives up the restart', async () => {
    const { feed, clock, runs } = setUp();
    await feed.start();
    await expect(feed.read(service('exit'))).rejects.toMatchObject({ code: 'PIPELINE_FAILED' });
    await feed.close();
    await clock.advance(60_000);
    expect(runs()).toBe(1);
    expect(clock.pending).toBe(0);
  });
});
