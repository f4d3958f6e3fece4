import { beforeEach, describe, expect, test } from '@jest/globals';
import { sleep } from '../../src/clock.ts';
import { TickLoop, type TickContext } from '../../src/publisher/tick-loop.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';

const INTERVAL_MS = 5_000;
const GRACE_MS = 60_000;

let clock: FakeClock;
let startedAt: number[];
let counts: Record<string, number>;
let underWay: number;
let mostUnderWay: number;
/** How long the next ticks take; the last stays. */
let durations: number[];
let resumed: boolean[];
const captured = captureLog();

function createLoop(graceMs = GRACE_MS): TickLoop {
  const tick = async ({ isResuming, signal }: TickContext): Promise<void> => {
    startedAt.push(clock.monotonicMs());
    resumed.push(isResuming);
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    const tookMs = durations.length > 1 ? durations.shift()! : durations[0];
    if (tookMs > 0) await sleep(clock, tookMs, signal).finally(() => (underWay -= 1));
    else underWay -= 1;
    if (tookMs < 0) throw new Error('tick broke');
  };
  const count = (outcome: string): void => void (counts[outcome] = (counts[outcome] ?? 0) + 1);
  return new TickLoop({ intervalMs: INTERVAL_MS, graceMs, clock, log: captured.log, count, tick });
}

beforeEach(() => {
  clock = new FakeClock();
  startedAt = [];
  resumed = [];
  counts = {};
  underWay = 0;
  mostUnderWay = 0;
  durations = [0];
});

describe('the tick loop', () => {
  test('ticks at once for the first listener, then at the interval', async () => {
    const loop = createLoop();
    loop.listen();
    await clock.advance(12_000);
    loop.listen();
    await clock.advance(4_000);
    expect(startedAt).toEqual([0, 5_000, 10_000, 15_000]);
    expect(resumed).toEqual([true, false, false, false]);
    expect(counts).toEqual({ done: 4 });
  });

  test('does nothing while nobody listens', async () => {
    const loop = createLoop();
    await clock.advance(60_000);
    expect(startedAt).toEqual([]);
    expect(loop.isRunning).toBe(false);
    expect(clock.pending).toBe(0);
  });

  test('goes on for the grace period after the last listener left, then stops', async () => {
    const loop = createLoop(12_000);
    const stop = loop.listen();
    await clock.advance(1_000);
    stop();
    stop();
    await clock.advance(60_000);
    expect(startedAt).toEqual([0, 5_000, 10_000]);
    expect(loop.isRunning).toBe(false);
    expect(clock.pending).toBe(0);
  });

  test('a listener within the grace period keeps the cadence; one after it starts a new one', async () => {
    const loop = createLoop(12_000);
    loop.listen()();
    await clock.advance(6_000);
    const stop = loop.listen();
    await clock.advance(16_000);
    stop();
    await clock.advance(31_000);
    const count = startedAt.length;
    loop.listen();
    await clock.advance(0);
    expect(startedAt.slice(0, 5)).toEqual([0, 5_000, 10_000, 15_000, 20_000]);
    expect(startedAt.slice(count)).toEqual([53_000]);
    expect(resumed.at(-1)).toBe(true);
  });

  test('two ticks never overlap; a late one is skipped and counted, and the grid stays', async () => {
    durations = [12_000, 1_000];
    const loop = createLoop();
    loop.listen();
    await clock.advance(26_000);
    expect(startedAt).toEqual([0, 15_000, 20_000, 25_000]);
    expect(mostUnderWay).toBe(1);
    expect(counts).toEqual({ done: 4, skipped: 2 });
  });

  test('a thread that was held up skips what it missed', async () => {
    const loop = createLoop();
    loop.listen();
    await clock.advance(0);
    clock.stall(17_000);
    await clock.advance(4_000);
    expect(startedAt).toEqual([0, 17_000, 20_000]);
    expect(counts['skipped']).toBe(2);
  });

  test('steps of the wall clock do not disturb the cadence', async () => {
    const loop = createLoop();
    loop.listen();
    await clock.advance(6_000);
    clock.jumpWall(-3_600_000);
    await clock.advance(5_000);
    clock.jumpWall(7_200_000);
    await clock.advance(5_000);
    expect(startedAt).toEqual([0, 5_000, 10_000, 15_000]);
    expect(counts).toEqual({ done: 4 });
  });

  test('a tick that fails is logged and counted, and the next one goes on', async () => {
    durations = [-1, 0];
    const loop = createLoop();
    loop.listen();
    await clock.advance(5_000);
    expect(counts).toEqual({ failed: 1, done: 1 });
    expect(captured.events().at(-1)).toMatchObject({ event: 'tick.failed', err: { message: 'tick broke' } });
  });

  test('REST-10 a tick asked for comes at once and leaves the grid as it is', async () => {
    const loop = createLoop();
    loop.listen();
    await clock.advance(7_000);
    await expect(loop.runNow()).resolves.toBe('done');
    await clock.advance(4_000);
    expect(startedAt).toEqual([0, 5_000, 7_000, 10_000]);
  });

  test('all who ask for one while a tick is under way share the one after it', async () => {
    durations = [2_000, 1_000];
    const loop = createLoop();
    loop.listen();
    await clock.advance(1_000);
    const outcomes = Promise.all([loop.runNow(), loop.runNow()]);
    await clock.advance(3_000);
    await expect(outcomes).resolves.toEqual(['done', 'done']);
    expect(startedAt).toEqual([0, 2_000]);
    expect(mostUnderWay).toBe(1);
  });

  test('one asked for while nobody listens wakes the loop for the grace period', async () => {
    const loop = createLoop(6_000);
    await expect(loop.runNow()).resolves.toBe('done');
    await clock.advance(60_000);
    expect(startedAt).toEqual([0, 5_000]);
  });

  test('close aborts the tick under way and waits for its end', async () => {
    durations = [30_000];
    const loop = createLoop();
    loop.listen();
    await clock.advance(1_000);
    await loop.close();
    expect(underWay).toBe(0);
    expect(counts).toEqual({});
    await expect(loop.runNow()).resolves.toBe('failed');
    loop.listen();
    await clock.advance(60_000);
    expect(startedAt).toEqual([0]);
  });

  test('nobody is called before listen has returned', async () => {
    const loop = createLoop();
    loop.listen();
    expect(startedAt).toEqual([]);
    await clock.advance(0);
    expect(startedAt).toEqual([0]);
  });
});
