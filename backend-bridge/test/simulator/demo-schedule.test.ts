import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DEMO_PERIOD_MS, planDemo } from '../../src/simulator/demo-schedule.ts';
import { FAULT_KINDS, type Fault } from '../../src/simulator/faults.ts';
import { simulateStep } from '../../src/simulator/simulate-step.ts';
import { buildTrafficModel } from '../../src/simulator/traffic-model.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';
import { parseTopologyFile } from '../../src/sources/file-topology-format.ts';
import { PEAK_MS, byId, graph } from './system.ts';

const text = readFileSync(new URL('../../topologies/demo.yaml', import.meta.url), 'utf8');
const DEMO = parseTopologyFile(text, { format: 'yaml', labels: [], maxNodes: 100, maxEdges: 100 });
const model = buildTrafficModel(DEMO, 1);
const schedule = planDemo(model);
const faultsAt = (afterMs: number): readonly Fault[] =>
  schedule.faultsDuring(PEAK_MS, { fromMs: PEAK_MS + afterMs, toMs: PEAK_MS + afterMs });
const stepAt = (afterMs: number) => simulateStep(model, faultsAt(afterMs), PEAK_MS + afterMs);
const calmAt = (afterMs: number) => simulateStep(model, [], PEAK_MS + afterMs);

describe('the embedded topology', () => {
  test('is a valid file of 20 to 24 resources of every type, layered and labelled', () => {
    expect(DEMO.issues).toEqual({ missing_id: 0, duplicate_id: 0, duplicate_edge: 0, dangling_edge: 0, self_edge: 0 });
    expect(DEMO.resources.length).toBeGreaterThanOrEqual(20);
    expect(DEMO.resources.length).toBeLessThanOrEqual(24);
    const types = [...new Set(DEMO.resources.map((r) => r.resource_type))].sort();
    expect(types).toEqual(['cache', 'database', 'external', 'gateway', 'queue', 'service']);
    for (const { labels } of DEMO.resources) expect(Object.keys(labels)).toEqual(['namespace', 'team', 'tier']);
    const entries = DEMO.resources.filter((_, i) => model.graph.isEntry[i] === 1).map(({ id }) => id);
    expect(entries).toEqual(['edge-gateway', 'partner-gateway']);
    expect([...model.graph.isBackEdge]).not.toContain(1);
  });
});

describe('the demo', () => {
  test('shows a fault that comes, spreads to the callers and goes, within a minute', () => {
    const failing = (afterMs: number): string[] =>
      Object.entries(byId(DEMO, stepAt(afterMs).services.errorRate))
        .filter(([, ratio]) => ratio > 0.05)
        .map(([id]) => id);
    for (let s = 0; s <= 10; s += 5) expect(stepAt(s * 1000)).toEqual(calmAt(s * 1000));
    expect(failing(15_000)).toEqual(['carrier-api', 'orders', 'partner-gateway', 'shipping']);
    expect(failing(30_000)).toEqual(expect.arrayContaining([...failing(15_000), 'checkout', 'mobile-bff']));
    const ratio = byId(DEMO, stepAt(30_000).services.errorRate);
    const upwards = ['carrier-api', 'shipping', 'orders', 'checkout'].map((id) => ratio[id]);
    expect(upwards).toEqual([...upwards].sort((a, b) => b - a));
    for (let s = 45; s <= 100; s += 5) expect(stepAt(s * 1000)).toEqual(calmAt(s * 1000));
  });

  test('goes through all kinds of faults, on targets that change', () => {
    const rounds = Array.from({ length: 12 }, (_, round) => faultsAt(round * DEMO_PERIOD_MS + 30_000));
    expect(rounds.map((faults) => faults.length)).toEqual(rounds.map(() => 1));
    const kinds = rounds.slice(0, 6).map(([fault]) => fault.kind);
    expect([...kinds].sort()).toEqual([...FAULT_KINDS].sort());
    expect(new Set(rounds.slice(0, 6).map(([fault]) => fault.target)).size).toBeGreaterThanOrEqual(5);
    expect(rounds[0][0].target).not.toBe(rounds[6][0].target);
  });

  test.each([0, 1, 2, 3, 4, 5])('its act %d is seen in a number that the static rules or a detector watch', (round) => {
    const afterMs = round * DEMO_PERIOD_MS + 38_000;
    const [step, calm] = [stepAt(afterMs), calmAt(afterMs)];
    const target = faultsAt(afterMs)[0].target;
    const index = DEMO.indexOf.get(target) as number;
    const grown = (now: Float64Array, usual: Float64Array, factor: number): boolean =>
      now[index] > factor * usual[index];
    const seen =
      step.services.errorRate[index] > 0.05 ||
      step.services.latencyP95S[index] > 1 ||
      grown(step.memoryBytes, calm.memoryBytes, 2) ||
      grown(calm.services.requestRate, step.services.requestRate, 2);
    expect({ target, seen }).toEqual({ target, seen: true });
  });

  test('begins at its start: no faults before, the rounds of a stretch in order', () => {
    expect(faultsAt(-1)).toEqual([]);
    const stretch = { fromMs: PEAK_MS - 1e6, toMs: PEAK_MS + 2.5 * DEMO_PERIOD_MS };
    const faults = schedule.faultsDuring(PEAK_MS, stretch);
    expect(faults.map(({ id }) => id)).toEqual(['demo-1', 'demo-2', 'demo-3']);
    expect(faults.map(({ startMs }) => (startMs - PEAK_MS) / 1000)).toEqual([10, 100, 190]);
  });

  test('finds targets in a graph that is like none of its plans, and copes with an empty one', () => {
    const flat = planDemo(buildTrafficModel(graph('mystery:a > mystery:b'), 1));
    const targets = Array.from({ length: 6 }, (_, round) => {
      const atMs = round * DEMO_PERIOD_MS;
      return flat.faultsDuring(0, { fromMs: atMs, toMs: atMs })[0].target;
    });
    expect(targets).toEqual(['b', 'b', 'b', 'b', 'b', 'a']);
    const empty = planDemo(buildTrafficModel(buildTopology([], []), 1));
    expect(empty.faultsDuring(0, { fromMs: 0, toMs: 1e6 })).toEqual([]);
  });
});
