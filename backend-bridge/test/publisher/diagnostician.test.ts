import { describe, expect, test } from '@jest/globals';
import type { DiagnosticsEvent } from '@topdeck/protocol';
import type { DetectorStore } from '../../src/history/history-store.ts';
import { Diagnostician } from '../../src/publisher/diagnostician.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';
import { alert, graph, healthChange, START_MS } from './diagnoses.ts';
import { batchOf, StubEngine, StubMetrics, type Finding } from './stub-parts.ts';

const INTERVAL_MS = 5_000;
const topology = graph('a>b');
const anomalyDetected: DiagnosticsEvent = {
  type: 'anomaly_detected',
  atMs: START_MS,
  data: { ...alert('1', 'a'), description: 'a is slow' },
};

function setUp(backfillMs: number, findings: Finding[] = [{}], detectorStore?: DetectorStore, seasonMs = 0) {
  const clock = new FakeClock();
  const source = new StubMetrics(clock);
  const engines: StubEngine[] = [];
  const { log, events } = captureLog();
  const diagnostician = new Diagnostician({
    createEngine: () => {
      engines.push(new StubEngine(findings));
      return engines.at(-1)!;
    },
    source,
    clock,
    log,
    intervalMs: INTERVAL_MS,
    backfillMs,
    seasonMs,
    detectorStore,
  });
  const prepared = async (isResuming = true): Promise<number> => {
    const startMs = clock.monotonicMs();
    let endMs: number | undefined;
    void diagnostician.prepare(topology, isResuming).then(() => (endMs = clock.monotonicMs()));
    while (endMs === undefined) await clock.advance(100);
    return endMs - startMs;
  };
  const diagnose = () => diagnostician.diagnose(topology, batchOf(topology, clock.nowMs()));
  return { clock, source, engines, diagnostician, prepared, diagnose, events };
}

describe('the past at the start', () => {
  test('is learnt before the first diagnosis, up to one interval ago', async () => {
    const { source, engines, prepared, diagnose } = setUp(60_000);
    await prepared();
    expect(source.backfills).toHaveLength(1);
    expect(source.backfills[0]).toMatchObject({ fromMs: START_MS - 60_000, toMs: START_MS - 5_000, stepMs: 5_000 });
    diagnose();
    const diagnosing = engines.find((engine) => engine.diagnosed.length > 0)!;
    expect(diagnosing.learnt).toHaveLength(12);
    expect(diagnosing.learnt.at(-1)).toBe(START_MS - 5_000);
  });

  test('is read at a wider step when it is long', async () => {
    const { source, prepared } = setUp(3_600_000);
    await prepared();
    expect(source.backfills[0].stepMs).toBe(15_000);
  });

  test('BACKFILL_S=0 reads none', async () => {
    const { source, engines, prepared, diagnose } = setUp(0);
    await prepared();
    diagnose();
    expect(source.backfills).toEqual([]);
    expect(engines).toHaveLength(1);
  });

  test('CONN-3 EVT-1 holds up a tick for 3 s at most; until it is in, states are preliminary', async () => {
    const [failed, degraded] = [[2, 10] as const, [1, 60] as const];
    const finding = { alerts: [alert('1', 'a')], events: [healthChange('b'), anomalyDetected] };
    const { clock, source, prepared, diagnose, engines } = setUp(60_000, [
      { ...finding, health: { a: failed } },
      { ...finding, health: { a: degraded } },
      { ...finding, events: [anomalyDetected], health: { b: failed } },
    ]);
    source.backfillMs = 12_000;
    expect(await prepared()).toBeLessThanOrEqual(3_100);
    const first = diagnose();
    expect(first).toMatchObject({ anomalies: [], events: [{ type: 'health_change' }], warmingUp: true });
    expect([...first.services.status]).toEqual([2, 0]);
    await clock.advance(5_000);
    expect(await prepared(false)).toBeLessThanOrEqual(100);
    diagnose();
    await clock.advance(10_000);
    const later = diagnose();
    expect(later.anomalies).toHaveLength(1);
    expect(later.warmingUp).toBe(false);
    // EVT-1: what changed from the last preliminary state to this one is told like any transition.
    expect(later.events.map(({ type, data }) => [type, data])).toMatchObject([
      ['anomaly_detected', {}],
      ['health_change', { resource_id: 'a', old_status: 'degraded', new_status: 'healthy', health_score: 100 }],
      ['health_change', { resource_id: 'b', old_status: 'healthy', new_status: 'failed', health_score: 10 }],
    ]);
    const engine = engines.find(({ diagnosed }) => diagnosed.includes(later.atMs))!;
    // The past, and then what was diagnosed without it.
    expect(engine.learnt).toHaveLength(12 + 2);
    expect(engine.learnt).toEqual(engine.learnt.toSorted((a, b) => a - b));
    expect(engine.diagnosed).toEqual([later.atMs]);
  });

  test('is done without when it takes longer than 30 s', async () => {
    const { clock, source, prepared, diagnose, engines, events } = setUp(60_000, [{ alerts: [alert('1', 'a')] }]);
    source.backfillMs = 600_000;
    await prepared();
    expect(diagnose().anomalies).toEqual([]);
    await clock.advance(30_000);
    expect(source.backfills[0].signal.aborted).toBe(true);
    expect(diagnose().anomalies).toHaveLength(1);
    expect(engines.find(({ diagnosed }) => diagnosed.includes(clock.nowMs()))?.learnt).toHaveLength(1);
    expect(events()).toContainEqual(expect.objectContaining({ event: expect.stringMatching(/^diagnosis\.past_/) }));
  });

  test('that cannot be read is done without', async () => {
    const { source, prepared, diagnose, events } = setUp(60_000);
    source.backfill = async () => {
      throw new Error('no past');
    };
    await prepared();
    expect(diagnose().warmingUp).toBe(false);
    expect(events().at(-1)).toMatchObject({ event: 'diagnosis.past_failed', err: { message: 'no past' } });
  });
});

describe('the past after a pause', () => {
  async function paused(pauseMs: number, backfillMs = 600_000) {
    const rig = setUp(backfillMs);
    await rig.prepared();
    rig.diagnose();
    const lastMs = rig.clock.nowMs();
    await rig.clock.advance(pauseMs);
    return { ...rig, lastMs };
  }

  test('is the gap since the last diagnosis', async () => {
    const { source, prepared, clock, lastMs } = await paused(300_000);
    await prepared(true);
    const nowMs = clock.nowMs();
    expect(source.backfills).toHaveLength(2);
    expect(source.backfills[1].fromMs).toBe(lastMs + 5_000);
    expect(source.backfills[1].toMs).toBeGreaterThanOrEqual(nowMs - 5_100);
  });

  test('reaches back no further than BACKFILL_S', async () => {
    const { source, prepared } = await paused(7_200_000);
    await prepared(true);
    const { fromMs, toMs } = source.backfills[1];
    expect(toMs - fromMs).toBeLessThan(600_000);
  });

  test('is left alone when it is short, and while nobody paused', async () => {
    const { source, prepared, clock } = await paused(9_000);
    await prepared(true);
    await clock.advance(300_000);
    await prepared(false);
    expect(source.backfills).toHaveLength(1);
  });

  test('that takes longer than 3 s is never learnt, for time only goes forward', async () => {
    const { source, prepared, engines, diagnose, clock } = await paused(300_000);
    source.backfillMs = 20_000;
    expect(await prepared(true)).toBeLessThanOrEqual(3_100);
    const engine = engines.find(({ diagnosed }) => diagnosed.length > 0)!;
    const learnt = engine.learnt.length;
    diagnose();
    await clock.advance(60_000);
    expect(engine.learnt).toHaveLength(learnt);
    expect(engine.diagnosed).toHaveLength(2);
  });

  test('does not follow a step of the wall clock', async () => {
    const { source, prepared, clock } = await paused(30_000);
    clock.jumpWall(86_400_000);
    await prepared(true);
    const { fromMs, toMs } = source.backfills[1];
    expect(toMs - fromMs).toBeLessThanOrEqual(30_000);
  });
});

/** Keeps what it is given; `fails` makes it reject. */
class StubStore implements DetectorStore {
  kept: Uint8Array | undefined;
  saves = 0;
  fails = false;

  constructor(kept?: string) {
    this.kept = kept === undefined ? undefined : Buffer.from(kept);
  }
  readonly load = async (): Promise<Uint8Array | undefined> => {
    if (this.fails) throw new Error('unreadable');
    return this.kept;
  };
  readonly save = async (learnt: Uint8Array): Promise<void> => {
    if (this.fails) throw new Error('disk full');
    this.saves += 1;
    this.kept = learnt;
  };
}

describe('what an earlier run learnt', () => {
  test('is taken up, and only the time since is read', async () => {
    const store = new StubStore(String(START_MS - 20_000));
    const { source, engines, prepared, diagnose } = setUp(60_000, [{}], store);
    await prepared();
    expect(source.backfills).toHaveLength(1);
    expect(source.backfills[0]).toMatchObject({ fromMs: START_MS - 15_000, toMs: START_MS - 5_000 });
    diagnose();
    expect(engines[0].learnt).toEqual([-20_000, -15_000, -10_000, -5_000].map((ms) => START_MS + ms));
  });

  test('is all that is read of days and weeks when it is younger than a day', async () => {
    const recalled = setUp(60_000, [{}], new StubStore(String(START_MS - 3_600_000)), 14 * 86_400_000);
    await recalled.prepared();
    expect(recalled.source.backfills).toHaveLength(1);
    const { source, prepared } = setUp(60_000, [{}], new StubStore(), 14 * 86_400_000);
    await prepared();
    expect(source.backfills).toHaveLength(2);
    const [season, newest] = source.backfills;
    expect(season.fromMs).toBe(START_MS - 5_000 - 14 * 86_400_000);
    expect(season.stepMs).toBeGreaterThan(3_600_000);
    expect([season.toMs, newest.fromMs]).toEqual([START_MS - 65_000, START_MS - 60_000]);
  });

  test.each([
    ['does not fit', new StubStore('of another version'), 'diagnosis.memory_ignored'],
    ['cannot be read', Object.assign(new StubStore('1'), { fails: true }), 'diagnosis.memory_unreadable'],
  ])('is done without where it %s: the whole past is read, and the log says why', async (_, store, event) => {
    const { source, prepared, events } = setUp(60_000, [{}], store);
    await prepared();
    expect(source.backfills[0]).toMatchObject({ fromMs: START_MS - 60_000, toMs: START_MS - 5_000 });
    expect(events().map((entry) => entry['event'])).toContain(event);
  });

  test('is kept every five minutes and at the end, whatever went wrong before', async () => {
    const store = new StubStore();
    const { clock, diagnostician, prepared, diagnose, events } = setUp(0, [{}], store);
    await prepared();
    for (let tick = 0; tick < 61; tick += 1) {
      diagnose();
      await clock.advance(INTERVAL_MS);
    }
    expect(store.saves).toBe(1);
    store.fails = true;
    for (let tick = 0; tick < 61; tick += 1) {
      diagnose();
      await clock.advance(INTERVAL_MS);
    }
    expect(events().map((entry) => entry['event'])).toContain('diagnosis.memory_not_kept');
    store.fails = false;
    diagnose();
    const newestMs = clock.nowMs();
    await diagnostician.close();
    expect(Buffer.from(store.kept!).toString()).toBe(String(newestMs));
  });
});
