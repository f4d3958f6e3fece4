import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Topology } from '@topdeck/protocol';
import { FAULT_KINDS } from '../../src/simulator/faults.ts';
import { generateTopology } from '../../src/simulator/generate-topology.ts';
import { simulateStep, type SimulatedStep } from '../../src/simulator/simulate-step.ts';
import { buildTrafficModel } from '../../src/simulator/traffic-model.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';
import { PEAK_MS, SHOP, byId, fault, graph, simulator } from './system.ts';

const HOUR_MS = 3_600_000;
const generated = (services: number, edges: number, seed = 1): Topology => {
  const { resources, dependencies } = generateTopology({ services, edges, seed });
  return buildTopology(resources, dependencies);
};

const columnsOf = (step: SimulatedStep): Float64Array[] => [
  ...Object.values(step.services),
  ...Object.values(step.edges),
  ...Object.values(step.entries),
  step.cpuCores,
  step.memoryBytes,
];

/** Requests into each resource: what enters, and what comes along each edge to it. */
function arriving(topology: Topology, step: SimulatedStep): Float64Array {
  const sum = Float64Array.from(step.entries.requestRate);
  step.edges.requestRate.forEach((rate, edge) => (sum[topology.edgeTarget[edge]] += rate));
  return sum;
}

/** Any graph at all: cycles, islands, nodes that call everything. */
const anyTopology = fc
  .record({
    size: fc.integer({ min: 1, max: 12 }),
    pairs: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 40 }),
  })
  .map(({ size, pairs }) => {
    const id = (n: number): string => `r${n % size}`;
    const types = ['service', 'database', 'cache', 'external', 'mystery'];
    return buildTopology(
      Array.from({ length: size }, (_, n) => ({ id: id(n), resource_type: types[n % types.length] })),
      pairs.map(([source, target]) => ({ source: id(source), target: id(target) })),
    );
  });
const anyFault = (size: number) =>
  fc.record({
    id: fc.constant('f'),
    kind: fc.constantFrom(...FAULT_KINDS),
    target: fc.nat(size).map((n) => `r${n}`),
    startMs: fc.integer({ min: PEAK_MS - 60_000, max: PEAK_MS }),
    magnitude: fc.double({ min: 0, max: 1, noNaN: true }),
  });

describe('determinism', () => {
  const faults = [fault({ kind: 'latency', target: 'catalog-db' }), fault({ kind: 'down', target: 'bank' })];

  test('the same seed, graph, faults and time give the same numbers, whatever was asked before', () => {
    const first = simulator(SHOP, 7);
    const second = simulator(SHOP, 7);
    for (let i = 0; i < 50; i += 1) second.at(PEAK_MS + i * 1_234, ...faults);
    expect(columnsOf(second.at(PEAK_MS + 5_000, ...faults))).toEqual(columnsOf(first.at(PEAK_MS + 5_000, ...faults)));
  });

  test('another seed gives another system', () => {
    expect(simulator(SHOP, 1).at(PEAK_MS).services.requestRate).not.toEqual(
      simulator(SHOP, 2).at(PEAK_MS).services.requestRate,
    );
  });

  test('what a resource is like does not depend on what else is in the graph', () => {
    const alone = simulator(graph('gateway:web > shop > database:shop-db'));
    const larger = simulator(graph('gateway:web > shop > database:shop-db', 'gateway:another > warehouse'));
    const memory = (system: typeof alone): Record<string, number> =>
      byId(system.model.topology, system.at(PEAK_MS).memoryBytes);
    expect(memory(larger)).toMatchObject(memory(alone));
  });
});

describe('requests', () => {
  test.each([
    ['the shop', SHOP],
    ['300 services with cycles', generated(300, 1_200)],
    ['a ring that nobody outside calls', graph('a > b > c > a')],
  ])('into a resource are what enters and what its callers send: %s', (_name, topology) => {
    const { at } = simulator(topology);
    for (const step of [at(PEAK_MS), at(PEAK_MS, fault({ kind: 'traffic_drop', target: topology.resources[0].id }))]) {
      const sums = arriving(topology, step);
      step.services.requestRate.forEach((rate, i) => expect(rate).toBeCloseTo(sums[i], 6));
      expect(Math.min(...step.services.requestRate)).toBeGreaterThan(0);
    }
  });

  test('enter at the resources that nobody calls, and there alone', () => {
    const entering = byId(SHOP, simulator(SHOP).at(PEAK_MS).entries.requestRate);
    expect(Object.keys(entering).filter((id) => entering[id] > 0)).toEqual(['partner', 'web']);
  });

  test('of a service as its callers see it: rates, errors and latency of a resource lie within those of its ways in', () => {
    const { at } = simulator(SHOP);
    const step = at(PEAK_MS, fault({ kind: 'errors', target: 'catalog' }));
    const incoming = SHOP.dependencies.flatMap(({ target }, edge) =>
      target === 'catalog' ? [step.edges.errorRate[edge]] : [],
    );
    const own = byId(SHOP, step.services.errorRate)['catalog'];
    expect(own).toBeGreaterThanOrEqual(Math.min(...incoming));
    expect(own).toBeLessThanOrEqual(Math.max(...incoming));
  });
});

describe('an ordinary week', () => {
  const topology = generated(400, 1_800);
  const { at } = simulator(topology);

  test('stays clear of every static threshold, at any hour', () => {
    for (let hour = 0; hour < 7 * 24; hour += 3) {
      const step = at(PEAK_MS + hour * HOUR_MS);
      const worst = (column: Float64Array): number => Math.max(...column.filter((value) => !Number.isNaN(value)));
      expect(worst(step.services.errorRate)).toBeLessThan(0.02);
      expect(worst(step.edges.errorRate)).toBeLessThan(0.02);
      expect(worst(step.services.latencyP95S)).toBeLessThan(0.8);
      expect(worst(step.cpuCores)).toBeLessThan(0.88);
    }
  });

  test('has a busy afternoon, a quiet night and a weekend', () => {
    const total = (atMs: number): number => at(atMs).services.requestRate.reduce((sum, rate) => sum + rate, 0);
    const night = total(PEAK_MS - 11 * HOUR_MS) / total(PEAK_MS);
    const sunday = total(PEAK_MS + 4 * 24 * HOUR_MS) / total(PEAK_MS);
    expect(night).toBeGreaterThan(0.4);
    expect(night).toBeLessThan(0.65);
    expect(sunday).toBeGreaterThan(0.7);
    expect(sunday).toBeLessThan(0.9);
  });

  test('moves by a few percent from one reading to the next and never jumps', () => {
    let largest = 0;
    let previous = at(PEAK_MS).services.requestRate;
    for (let step = 1; step <= 120; step += 1) {
      const next = at(PEAK_MS + step * 5_000).services.requestRate;
      for (const [i, rate] of next.entries()) largest = Math.max(largest, Math.abs(rate / previous[i] - 1));
      previous = next;
    }
    expect(largest).toBeGreaterThan(0.01);
    expect(largest).toBeLessThan(0.08);
  });

  test('has no cpu or memory of what others run', () => {
    const external = topology.resources.map(({ resource_type }) => resource_type === 'external');
    expect(external).toContain(true);
    expect([...at(PEAK_MS).cpuCores].map(Number.isNaN)).toEqual(external);
  });
});

describe('any graph and any faults', () => {
  test('end, and give numbers within their bounds or none', () => {
    const cases = anyTopology.chain((topology) =>
      fc.tuple(fc.constant(topology), fc.array(anyFault(topology.resources.length), { maxLength: 6 })),
    );
    fc.assert(
      fc.property(cases, ([topology, faults]) => {
        const step = simulateStep(buildTrafficModel(topology, 3), faults, PEAK_MS + 5_000);
        const outside = (column: Float64Array, max: number): number[] =>
          [...column].filter((value) => !Number.isNaN(value) && !(value >= 0 && value <= max));
        const ratios = [step.services, step.edges, step.entries].flatMap(({ errorRate }) => outside(errorRate, 1));
        const rates = [step.services, step.edges].flatMap(({ requestRate }) => [...requestRate].filter(Number.isNaN));
        const sums = arriving(topology, step);
        const lost = [...step.services.requestRate].filter((rate, i) => Math.abs(rate - sums[i]) > 1e-6);
        const wild = columnsOf(step).flatMap((column) => outside(column, Number.MAX_VALUE));
        expect({ ratios, rates, lost, wild }).toEqual({ ratios: [], rates: [], lost: [], wild: [] });
      }),
      { numRuns: 300 },
    );
  });

  test('a chain of 20,000 calls is followed to its end', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `s${String(i).padStart(5, '0')}`);
    const chain = buildTopology(
      ids.map((id) => ({ id, resource_type: 'service' })),
      ids.slice(1).map((target, i) => ({ source: ids[i], target })),
    );
    const { model, at } = simulator(chain);
    expect(model.graph.depth.at(-1)).toBe(19_999);
    expect([...at(PEAK_MS).services.latencyP95S].every(Number.isFinite)).toBe(true);
  });
});
