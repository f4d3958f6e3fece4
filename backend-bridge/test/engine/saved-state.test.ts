import { describe, expect, test } from '@jest/globals';
import { createEngine, type EngineOptions } from '../../src/engine/engine.ts';
import { METRICS, STEP_MS, System, topologyOf } from './system.ts';

const PAIRS = ['api>db', 'api>cache'];
const OPTIONS: EngineOptions = { metrics: METRICS, stepMs: STEP_MS };

function learnt(pairs: readonly string[] = PAIRS): { system: System; saved: Uint8Array } {
  const system = new System(topologyOf(pairs), { noise: 0.03 }).learn(300);
  system.ticks(5);
  return { system, saved: system.engine.save() as Uint8Array };
}

describe('what an engine saved', () => {
  test('goes on as if nothing had happened', () => {
    const { system, saved } = learnt();
    const other = createEngine(OPTIONS);
    other.setTopology(system.topology);
    expect(other.restore(saved)).toEqual({ kind: 'restored', atMs: system.atMs, services: 3 });
    for (let tick = 0; tick < 30; tick += 1) {
      system.atMs += STEP_MS;
      const batch = system.batch(tick < 10 ? {} : { 'api.latency_p95': 0.4 });
      const { events, columns, anomalies, services, warmingUp } = system.engine.diagnose(batch);
      expect(other.diagnose(batch)).toMatchObject({ events, columns, anomalies, services, warmingUp });
    }
    expect(system.engine.diagnose({ ...system.batch({}), atMs: system.atMs + STEP_MS }).anomalies).not.toEqual([]);
  });

  test('an anomaly that was open is the same one after the restart', () => {
    const { system } = learnt();
    const before = system.ticks(5, { 'api.latency_p95': 0.4 }).at(-1)!.anomalies;
    const other = createEngine(OPTIONS);
    other.setTopology(system.topology);
    other.restore(system.engine.save() as Uint8Array);
    system.atMs += STEP_MS;
    const after = other.diagnose(system.batch({ 'api.latency_p95': 0.4 })).anomalies;
    expect(after.map(({ alert_id }) => alert_id)).toEqual(before.map(({ alert_id }) => alert_id));
  });

  test('serves the services that live on, in whatever place; new ones begin', () => {
    const { system, saved } = learnt();
    const next = topologyOf(['web>api', 'api>db']);
    const other = new System(next);
    expect(other.engine.restore(saved)).toMatchObject({ kind: 'restored', services: 2 });
    other.atMs = system.atMs;
    const latency = other.tick().columns.find(({ spec }) => spec.scope === 'service' && spec.name === 'latency_p95')!;
    const expected = (id: string): number => latency.expected[next.indexOf.get(id)!];
    expect([expected('api'), expected('db')]).toEqual([expect.closeTo(0.05, 2), expect.closeTo(0.05, 2)]);
    expect(expected('web')).toBeNaN();
    const rate = other.tick().columns.find(({ spec }) => spec.scope === 'edge' && spec.name === 'request_rate')!;
    const known = next.dependencies.map(({ source, target }, e) => [`${source}>${target}`, rate.expected[e] > 0]);
    expect(known).toEqual(
      expect.arrayContaining([
        ['api>db', true],
        ['web>api', false],
      ]),
    );
  });

  test.each<[string, (saved: Uint8Array) => Uint8Array, Partial<EngineOptions>, string]>([
    ['of another version', (saved) => changed(saved, 4, 99), {}, 'version 99'],
    ['of something else', (saved) => changed(saved, 0, 1), {}, 'no state of detectors'],
    ['cut off', (saved) => saved.slice(0, -8), {}, 'length'],
    ['cut off in the header', (saved) => saved.slice(0, 40), {}, 'cut off'],
    ['empty', () => new Uint8Array(0), {}, 'cut off'],
    ['of another cadence', (saved) => saved, { stepMs: 1_000 }, 'collection interval'],
    ['of other metrics', (saved) => saved, { metrics: METRICS.slice(1) }, 'metrics'],
    ['of other detectors', (saved) => saved, { detectors: ['robust'] }, 'detectors'],
  ])('is left alone, with the reason, when it is %s', (_, change, options, reason) => {
    const { system, saved } = learnt();
    const other = createEngine({ ...OPTIONS, ...options });
    other.setTopology(system.topology);
    expect(other.restore(change(saved))).toEqual({ kind: 'ignored', reason: expect.stringContaining(reason) });
  });

  test('is left alone when it knows none of the services', () => {
    const { saved } = learnt();
    const other = createEngine(OPTIONS);
    other.setTopology(topologyOf(['x>y']));
    expect(other.restore(saved)).toEqual({ kind: 'ignored', reason: expect.stringContaining('none of the services') });
  });

  test('there is nothing to save before the first topology', () => {
    expect(createEngine(OPTIONS).save()).toBeUndefined();
  });
});

function changed(saved: Uint8Array, at: number, to: number): Uint8Array {
  const copy = saved.slice();
  copy[at] = to;
  return copy;
}
