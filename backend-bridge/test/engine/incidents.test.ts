import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Incident, SEVERITIES, type AnomalyAlert, type ChangeEvent, type Topology } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import {
  IncidentBook,
  LULL_MS,
  REOPEN_MS,
  SETTLED_MS,
  type IncidentTidings,
  type IncidentTick,
} from '../../src/engine/incidents/incident-book.ts';
import { CHANGE_GAIN, rankByVotes } from '../../src/engine/incidents/suspects.ts';
import { alert, diagnosisOf, graph, START_MS, type DiagnosisParts } from '../publisher/diagnoses.ts';

const STEP_MS = 5_000;
const DEGRADED = [1, 60] as const;
const FAILED = [2, 10] as const;
const UNKNOWN = [3, 0] as const;
const check = validator(Incident);
const votingBook = (): IncidentBook => new IncidentBook({ rankingOf: () => rankByVotes });

/** A book with a clock: each call is one tick. */
class Watch {
  book = votingBook();
  topology: Topology;
  atMs = START_MS;
  readonly told: string[] = [];

  constructor(...parts: string[]) {
    this.topology = graph(...parts);
  }

  /** An anomaly that began now, or at `atMs`. */
  slow(resourceId: string, over: Partial<AnomalyAlert> = {}): AnomalyAlert {
    const detected_at = new Date(this.atMs).toISOString();
    return alert(`${resourceId}@${this.atMs}`, resourceId, { detected_at, ...over });
  }

  tick(
    parts: Omit<DiagnosisParts, 'topology' | 'atMs'> = {},
    rest: Omit<IncidentTick, 'diagnosis'> = {},
  ): IncidentTidings {
    const diagnosis = diagnosisOf({ topology: this.topology, atMs: this.atMs, ...parts });
    const tidings = this.book.advance({ diagnosis, ...rest });
    this.atMs += STEP_MS;
    for (const incident of tidings.open) expect(check(incident)).toMatchObject({ ok: true });
    this.told.push(...tidings.events.map(({ type }) => type.replace('incident_', '')));
    return tidings;
  }

  /** Ticks with the same findings. */
  during(ms: number, parts: Omit<DiagnosisParts, 'topology' | 'atMs'> = {}): IncidentTidings {
    let last = this.tick(parts);
    for (const untilMs = this.atMs + ms - STEP_MS; this.atMs < untilMs;) last = this.tick(parts);
    return last;
  }
}

const only = ({ open }: IncidentTidings): Incident => {
  expect(open).toHaveLength(1);
  return open[0];
};

describe('INC-1 what is near is one incident', () => {
  test('a fault and all that depend on it, from the first tick to calm', () => {
    const watch = new Watch('web>cart', 'cart>db', 'web>search');
    const alerts = [watch.slow('db', { cause_ids: [] }), watch.slow('cart', { cause_ids: ['db'] })];
    const opened = only(watch.tick({ alerts, health: { db: FAILED } }));
    expect(opened.resource_ids.sort()).toEqual(['cart', 'db']);
    expect(opened).toMatchObject({
      state: 'open',
      cause: { resource_id: 'db' },
      first_failure: { resource_id: 'cart' },
    });
    const grown = [...alerts, watch.slow('web', { cause_ids: ['db'] })];
    const hurt = only(watch.during(60_000, { alerts: grown, health: { db: FAILED, web: DEGRADED } }));
    expect(hurt).toMatchObject({
      incident_id: opened.incident_id,
      entry_points: ['web'],
      alert_ids: grown.map((a) => a.alert_id).sort(),
    });
    expect(watch.during(SETTLED_MS).open).toHaveLength(1);
    expect(watch.tick().open).toEqual([]);
    expect(watch.told.filter((type) => type !== 'updated')).toEqual(['opened', 'resolved']);
  });

  test('two callers of a healthy dependency, and two dependencies of a healthy caller, are two', () => {
    const watch = new Watch('a>hub', 'b>hub', 'gate>c', 'gate>d');
    const { open } = watch.tick({ alerts: ['a', 'b', 'c', 'd'].map((id) => watch.slow(id)), health: { a: FAILED } });
    expect(open.length).toBeLessThanOrEqual(4);
    const { open: later } = watch.tick({ alerts: ['a', 'b', 'c', 'd'].map((id) => watch.slow(id)) });
    expect(later.map(({ resource_ids }) => resource_ids).sort()).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  test('trouble passes what has no data only where half of its known callers are troubled', () => {
    const few = new Watch('a>dark', 'b>dark', 'dark>c');
    const alerts = ['a', 'b', 'c'].map((id) => few.slow(id));
    expect(only(few.tick({ alerts, health: { dark: UNKNOWN } })).resource_ids.sort()).toEqual(['a', 'b', 'c']);
    const many = new Watch('a>dark', 'b>dark', 'x>dark', 'y>dark', 'z>dark');
    const two = ['a', 'b'].map((id) => many.slow(id));
    many.tick({ alerts: two, health: { dark: UNKNOWN } });
    expect(many.tick({ alerts: two, health: { dark: UNKNOWN } }).open).toHaveLength(2);
  });

  test('an anomaly of an edge is counted to the side that is called, and does not link what its caller calls', () => {
    const watch = new Watch('web>cart', 'web>search');
    const alerts = ['cart', 'search'].map((target_id) => watch.slow('web', { target_id, alert_id: target_id }));
    watch.tick({ alerts });
    expect(
      watch
        .tick({ alerts })
        .open.map(({ resource_ids }) => resource_ids)
        .sort(),
    ).toEqual([['cart'], ['search']]);
  });

  test('neighbours more than 15 minutes apart are two, and a third that links them in time makes them one', () => {
    const watch = new Watch('web>cart', 'cart>db');
    const old = watch.slow('db');
    watch.during(16 * 60_000, { alerts: [old] });
    const late = watch.slow('web');
    const apart = watch.during(10_000, { alerts: [old, late] });
    expect(apart.open).toHaveLength(2);
    const link = watch.slow('db', { alert_id: 'again', metric_name: 'error_rate' });
    const cart = watch.slow('cart');
    const { open, events } = watch.tick({ alerts: [old, late, link, cart] });
    const [merged] = apart.open;
    const kept = apart.open[1];
    expect(open).toEqual([
      expect.objectContaining({ incident_id: kept.incident_id, merged_ids: [merged.incident_id] }),
    ]);
    expect(events.map(({ type, data }) => [type, data.incident_id, data.merged_into])).toEqual([
      ['incident_resolved', merged.incident_id, kept.incident_id],
      ['incident_updated', kept.incident_id, undefined],
    ]);
  });

  test('a resource keeps to its incident whatever goes wrong with it next', () => {
    const watch = new Watch('web>cart');
    const first = watch.slow('cart');
    const { incident_id } = only(watch.during(3_600_000, { alerts: [first] }));
    const second = watch.slow('cart', { alert_id: 'second', metric_name: 'cpu_usage' });
    expect(only(watch.during(60_000, { alerts: [first, second] }))).toMatchObject({
      incident_id,
      alert_ids: [first.alert_id, 'second'],
    });
  });
});

describe('INC-2 an incident is told of once', () => {
  test('a mild anomaly of one resource waits for a second tick, a grave one does not', () => {
    const mild = new Watch('web>cart');
    const alerts = [mild.slow('cart', { severity: 'medium' })];
    expect(mild.tick({ alerts })).toEqual({ open: [], events: [] });
    expect(mild.tick({ alerts }).events).toMatchObject([{ type: 'incident_opened' }]);
    const grave = new Watch('web>cart');
    expect(grave.tick({ health: { web: FAILED } }).events).toMatchObject([{ type: 'incident_opened' }]);
  });

  test('growth is told every 30 s at most, and an incident with no news is the identical object', () => {
    const watch = new Watch('web>a', 'web>b', 'web>c', 'web>d');
    const alerts = [watch.slow('web')];
    for (const id of ['a', 'b', 'c', 'd'])
      watch.tick({
        alerts: [
          ...alerts,
          ...['a', 'b', 'c', 'd'].slice(0, 'abcd'.indexOf(id)).map((x) => watch.slow(x, { alert_id: x })),
        ],
      });
    expect(watch.told.length).toBeLessThanOrEqual(2);
    const same = watch.during(60_000, { alerts });
    expect(watch.tick({ alerts }).open[0]).toBe(same.open[0]);
  });

  test('what flaps stays one incident, waits longer each time and keeps its id', () => {
    const watch = new Watch('web>cart');
    const ids = new Set<string>();
    for (let round = 0; round < 6; round += 1) {
      const { open } = watch.during(30_000, { alerts: [watch.slow('cart')] });
      for (const { incident_id } of open) ids.add(incident_id);
      watch.during(SETTLED_MS + 3 * STEP_MS);
    }
    expect(ids.size).toBe(1);
    expect(watch.told.filter((type) => type === 'opened')).toHaveLength(2);
    expect(only(watch.tick()).reopened).toBe(1);
  });

  test('another fault that hurts the same entry point is another incident, at once and within 15 minutes', () => {
    const watch = new Watch('web>cart', 'web>search');
    const first = [watch.slow('cart'), watch.slow('web', { cause_ids: ['cart'] })];
    const before = only(watch.during(60_000, { alerts: first }));
    watch.during(LULL_MS + 2 * STEP_MS);
    const second = [watch.slow('search'), watch.slow('web', { cause_ids: ['search'] })];
    const { open } = watch.during(10_000, { alerts: second });
    expect(open.map(({ cause }) => cause?.resource_id)).toEqual(['search', 'cart']);
    expect(only(watch.during(SETTLED_MS, { alerts: second })).incident_id).not.toBe(before.incident_id);
    expect(watch.told.filter((type) => type === 'opened')).toHaveLength(2);
  });

  test('one that comes back within 15 minutes goes on under its id, later it is another', () => {
    for (const [pauseMs, isSame] of [
      [REOPEN_MS - 60_000, true],
      [REOPEN_MS + 60_000, false],
    ] as const) {
      const watch = new Watch('web>cart');
      const { incident_id } = only(watch.during(60_000, { alerts: [watch.slow('cart')] }));
      watch.during(pauseMs);
      expect(watch.tick().open).toEqual([]);
      const back = only(watch.during(10_000, { alerts: [watch.slow('cart')] }));
      expect(back.incident_id === incident_id).toBe(isSame);
      expect(back.reopened).toBe(isSame ? 1 : 0);
    }
  });

  test('data that end are no recovery', () => {
    const watch = new Watch('web>db');
    watch.during(30_000, { health: { db: FAILED, web: DEGRADED } });
    expect(watch.during(9 * 60_000, { health: { db: UNKNOWN } }).open).toHaveLength(1);
    watch.during(5 * 60_000, { health: { db: UNKNOWN } });
    expect(watch.told.at(-1)).toBe('resolved');
  });

  test('it outlives a change of the topology, and the departure of its members ends it', () => {
    const watch = new Watch('web>cart', 'cart>db');
    const alerts = [watch.slow('cart'), watch.slow('db')];
    const { incident_id } = only(watch.during(30_000, { alerts }));
    watch.topology = graph('a>web', 'web>cart', 'cart>db', '0>a');
    expect(only(watch.during(30_000, { alerts })).incident_id).toBe(incident_id);
    watch.topology = graph('a>web');
    expect(watch.during(SETTLED_MS + 2 * STEP_MS).open).toEqual([]);
  });

  test('it goes on over a restart', () => {
    const watch = new Watch('web>cart', 'cart>db');
    const alerts = [watch.slow('cart'), watch.slow('db')];
    const before = only(watch.during(60_000, { alerts }));
    const saved = JSON.parse(JSON.stringify(watch.book.save())) as ReturnType<IncidentBook['save']>;
    watch.book = votingBook();
    watch.book.restore(saved);
    watch.told.length = 0;
    const after = only(watch.during(60_000, { alerts }));
    expect(after.incident_id).toBe(before.incident_id);
    expect(watch.told).toEqual([]);
    watch.during(SETTLED_MS + 2 * STEP_MS);
    expect(watch.told).toEqual(['resolved']);
  });
});

describe('INC-3 severity is by effect on entry points', () => {
  const severity = (parts: Omit<DiagnosisParts, 'topology' | 'atMs'>): string => {
    const watch = new Watch('web>cart', 'app>cart', 'cart>db');
    watch.tick(parts);
    return only(watch.tick(parts)).severity;
  };
  const slow = (id: string, over: Partial<AnomalyAlert> = {}): AnomalyAlert => alert(id, id, over);

  test('from low to critical, and never down while it is open', () => {
    expect(severity({ alerts: [slow('db', { severity: 'high' })] })).toBe('low');
    expect(severity({ alerts: [slow('db', { severity: 'critical' })] })).toBe('medium');
    expect(severity({ health: { db: FAILED } })).toBe('medium');
    expect(severity({ alerts: [slow('web', { severity: 'medium' })] })).toBe('medium');
    expect(severity({ alerts: [slow('web', { severity: 'high', metric_name: 'cpu_usage' })] })).toBe('low');
    expect(severity({ alerts: [slow('web')] })).toBe('high');
    expect(severity({ health: { web: DEGRADED }, values: { 0: { 3: 0.2 } } })).toBe('high');
    expect(severity({ health: { web: DEGRADED } })).toBe('critical');
    expect(severity({ health: { web: FAILED } })).toBe('critical');
    const watch = new Watch('web>cart');
    watch.tick({ health: { web: FAILED } });
    expect(only(watch.during(60_000, { alerts: [slow('web', { severity: 'low' })] })).severity).toBe('critical');
  });

  test('the blast radius counts services, entry points and the share of requests that enter there', () => {
    const watch = new Watch('web>cart', 'app>cart', 'cart>db');
    const requests = { 0: { 0: 30, 3: 10 } };
    const incident = only(watch.tick({ health: { web: FAILED, db: FAILED, cart: DEGRADED }, values: requests }));
    expect(incident.blast_radius).toEqual({ services: 3, entry_points: 1, request_share: 0.25 });
    const blind = only(
      new Watch('web>cart').tick({ health: { web: FAILED }, values: { 0: { 0: NaN, 1: NaN }, 2: { 0: NaN } } }),
    );
    expect(blind.blast_radius.request_share).toBeNull();
  });
});

describe('INC-4 a change near the onset is evidence', () => {
  const change = (over: Partial<ChangeEvent> = {}): ChangeEvent => ({
    change_id: 1,
    at: new Date(START_MS - 300_000).toISOString(),
    kind: 'deploy',
    title: 'v2',
    resource_id: 'b',
    ...over,
  });
  const run = (changes: readonly ChangeEvent[]): Incident => {
    const watch = new Watch('web>a', 'web>b', 'b>lib');
    const alerts = [
      watch.slow('web', { cause_ids: [] }),
      watch.slow('a', { score: 0.7 }),
      watch.slow('b', { score: 0.65 }),
    ];
    return only(
      watch.tick({ alerts: alerts.slice(1).concat(watch.slow('web', { cause_ids: ['a', 'b'] })) }, { changes }),
    );
  };

  test('it raises the suspect that was changed, or that depends on what was, by a stated part', () => {
    const plain = run([]);
    expect(plain.suspects.map(({ resource_id }) => resource_id)).toEqual(['a', 'b']);
    const before = plain.suspects[1].score;
    const own = run([change()]);
    expect(own.cause?.resource_id).toBe('b');
    expect(own.suspects[0].score).toBeCloseTo(before + (1 - before) * CHANGE_GAIN.own, 1);
    expect(own.changes).toEqual([change()]);
    expect(own.text).toContain('Changed at 23:55 UTC: deploy “v2” of B.');
    const dependency = run([change({ resource_id: 'lib' })]);
    expect(dependency.suspects.find(({ resource_id }) => resource_id === 'b')?.score).toBeCloseTo(
      before + (1 - before) * CHANGE_GAIN.dependency,
      1,
    );
    expect(run([change({ resource_id: undefined, labels: { team: 'x' } })]).changes).toHaveLength(1);
  });

  test('not when it is elsewhere, or not within 15 minutes before and 2 after', () => {
    const at = (ms: number): string => new Date(START_MS + ms).toISOString();
    for (const near of [at(-900_000), at(120_000)]) expect(run([change({ at: near })]).changes).toHaveLength(1);
    for (const far of [at(-900_001), at(120_001)]) expect(run([change({ at: far })]).changes).toEqual([]);
    expect(run([change({ resource_id: 'web2' })]).changes).toEqual([]);
  });

  test('confidences of all suspects together are not above 1', () => {
    const { suspects } = run([change(), change({ change_id: 2, resource_id: 'a' })]);
    expect(suspects.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThanOrEqual(1);
  });
});

test('INC-5 the words say what, since when, where it began and whom it hurts', () => {
  const watch = new Watch('web>cart', 'cart>db');
  const db = watch.slow('db', { message: 'latency_p95 2 s (usually 0.1 s)' });
  watch.tick({ alerts: [db] });
  const alerts = [db, watch.slow('cart', { cause_ids: ['db'] }), watch.slow('web', { cause_ids: ['db'] })];
  const { title, text } = only(watch.tick({ alerts, health: { web: DEGRADED } }));
  expect(title).toBe('DB is slow, hurts WEB');
  expect(text).toBe(
    'Since 00:00 UTC DB is slow: latency_p95 2 s (usually 0.1 s). It began there. ' +
      'It hurts WEB, where 100% of all requests enter; 3 services are affected.',
  );
});

test('INC-1 every open anomaly belongs to exactly one incident, and each id is open at most once', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const pair = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)).map(([x, y]) => `${x}>${y}`);
  const ticks = fc.array(
    fc.record({
      wrong: fc.subarray(ids),
      failing: fc.subarray(ids),
      dark: fc.subarray(ids),
      severity: fc.constantFrom(...SEVERITIES),
      pauseMs: fc.constantFrom(0, 0, 0, 60_000, 600_000, 1_200_000),
    }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, maxLength: 10 }), ticks, (pairs, steps) => {
      const watch = new Watch(...ids, ...pairs.filter((p) => p[0] !== p[2]));
      const open = new Map<string, AnomalyAlert>();
      for (const { wrong, failing, dark, severity, pauseMs } of steps) {
        watch.atMs += pauseMs;
        for (const id of ids) {
          if (!wrong.includes(id)) open.delete(id);
          else if (!open.has(id)) open.set(id, watch.slow(id, { severity }));
        }
        const health = Object.fromEntries([...dark.map((id) => [id, UNKNOWN]), ...failing.map((id) => [id, FAILED])]);
        const parts = { alerts: [...open.values()], health };
        const tidings = watch.during(35_000, parts);
        expect(new Set(tidings.open.map(({ incident_id }) => incident_id)).size).toBe(tidings.open.length);
        for (const { alert_id } of open.values()) {
          expect(tidings.open.filter(({ alert_ids }) => alert_ids.includes(alert_id))).toHaveLength(1);
        }
      }
    }),
    { numRuns: 300 },
  );
});
