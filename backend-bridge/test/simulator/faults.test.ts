import { describe, expect, test } from '@jest/globals';
import { FAULTS, FAULT_KINDS, faultStrength, type Fault } from '../../src/simulator/faults.ts';
import { PEAK_MS, SHOP, byId, fault, raised, simulator } from './system.ts';

const AT_MS = PEAK_MS + 30_000;
const { at } = simulator(SHOP);
const calm = at(AT_MS);
const services = (column: 'requestRate' | 'errorRate' | 'latencyP95S', step = calm): Record<string, number> =>
  byId(SHOP, step.services[column]);
const under = (of: Pick<Fault, 'kind' | 'target'> & Partial<Fault>) => at(AT_MS, fault(of));

describe('a fault shows at its target and at its callers, and nowhere else', () => {
  test('latency: whoever waits for the answer is slow too', () => {
    const step = under({ kind: 'latency', target: 'catalog-db' });
    const slow = raised(SHOP, calm.services.latencyP95S, step.services.latencyP95S, 1.5);
    expect(slow).toEqual(['catalog', 'catalog-db', 'partner', 'shop', 'web']);
    expect(services('latencyP95S', step)['catalog-db']).toBeGreaterThan(1);
    const edges = raised(SHOP, calm.edges.latencyP95S, step.edges.latencyP95S, 1.5);
    expect(edges).toEqual(['catalog > catalog-db', 'partner > catalog', 'shop > catalog', 'web > shop']);
    expect(step.services.requestRate).toEqual(calm.services.requestRate);
  });

  test('errors: callers fail by their share of failing calls, less what they can do without', () => {
    const step = under({ kind: 'errors', target: 'catalog', magnitude: 0.5 });
    expect(raised(SHOP, calm.services.errorRate, step.services.errorRate, 1.5)).toEqual([
      'catalog',
      'partner',
      'shop',
      'web',
    ]);
    const ratio = services('errorRate', step);
    expect(ratio['catalog']).toBeCloseTo(0.5, 1);
    expect(ratio['shop']).toBeLessThan(ratio['catalog']);
    expect(ratio['web']).toBeLessThan(ratio['shop']);
    expect(ratio['web']).toBeGreaterThan(0.05);
  });

  test('a cache is missed less than a database', () => {
    const callersLoss = (target: string): number =>
      services('errorRate', under({ kind: 'errors', target, magnitude: 1 }))['catalog'] /
      simulator(SHOP).model.callsPerRequest[SHOP.dependencies.findIndex((d) => d.target === target)];
    expect(callersLoss('catalog-cache')).toBeLessThan(0.5 * callersLoss('catalog-db'));
  });

  test('down: every request fails at once, nobody is called further, no container is left', () => {
    const step = under({ kind: 'down', target: 'payments', magnitude: 1 });
    expect(services('errorRate', step)['payments']).toBe(1);
    expect(services('latencyP95S', step)['payments']).toBeLessThan(0.01);
    expect(services('requestRate', step)['bank']).toBe(0);
    expect(services('latencyP95S', step)['bank']).toBeNaN();
    expect(byId(SHOP, step.cpuCores)['payments']).toBeNaN();
    expect(byId(SHOP, step.memoryBytes)['payments']).toBeNaN();
    const failing = raised(SHOP, calm.services.errorRate, step.services.errorRate, 1.5);
    expect(failing).toEqual(['checkout', 'payments', 'shop', 'web']);
  });

  test('traffic_drop: fewer requests to the target and below it, no errors anywhere', () => {
    const step = under({ kind: 'traffic_drop', target: 'checkout', magnitude: 0.9 });
    const dropped = raised(SHOP, step.services.requestRate, calm.services.requestRate, 1.5);
    expect(dropped).toEqual(['bank', 'checkout', 'orders-db', 'payments']);
    expect(services('requestRate', step)['checkout'] / services('requestRate')['checkout']).toBeCloseTo(0.1, 2);
    expect(raised(SHOP, calm.services.errorRate, step.services.errorRate, 1.1)).toEqual([]);
  });

  test('saturation: the machine is full, the queue is long, beyond that requests are refused', () => {
    const step = under({ kind: 'saturation', target: 'catalog', magnitude: 1 });
    expect(byId(SHOP, step.cpuCores)['catalog']).toBeGreaterThan(0.9);
    expect(services('latencyP95S', step)['catalog']).toBeGreaterThan(10 * services('latencyP95S')['catalog']);
    expect(services('errorRate', step)['catalog']).toBeCloseTo(0.2, 1);
    expect(raised(SHOP, calm.cpuCores, step.cpuCores, 1.2)).toEqual(['catalog']);
    expect(raised(SHOP, calm.services.latencyP95S, step.services.latencyP95S, 1.5)).toEqual([
      'catalog',
      'partner',
      'shop',
      'web',
    ]);
  });

  test('saturation below its full strength slows without refusing', () => {
    const step = under({ kind: 'saturation', target: 'catalog', magnitude: 0.76 });
    expect(services('latencyP95S', step)['catalog']).toBeGreaterThan(services('latencyP95S')['catalog']);
    expect(services('errorRate', step)['catalog']).toBeCloseTo(services('errorRate')['catalog'], 6);
  });

  test('memory_leak: memory grows steadily, latency follows late, a restart ends it', () => {
    const leak = fault({
      kind: 'memory_leak',
      target: 'catalog',
      magnitude: 1,
      riseMs: 600_000,
      endMs: PEAK_MS + 600_000,
    });
    const memory = (afterMs: number): number => byId(SHOP, at(PEAK_MS + afterMs, leak).memoryBytes)['catalog'];
    expect(memory(150_000) / memory(0)).toBeCloseTo(1.75, 1);
    expect(memory(300_000) / memory(0)).toBeCloseTo(2.5, 1);
    expect(memory(599_000) / memory(0)).toBeCloseTo(4, 0);
    expect(memory(602_000) / memory(0)).toBeCloseTo(1, 1);
    const latency = (afterMs: number): number =>
      services('latencyP95S', at(PEAK_MS + afterMs, leak))['catalog'] /
      services('latencyP95S', at(PEAK_MS + afterMs))['catalog'];
    expect(latency(150_000)).toBeLessThan(1.1);
    expect(latency(599_000)).toBeGreaterThan(1.3);
    expect(raised(SHOP, calm.memoryBytes, at(PEAK_MS + 599_000, leak).memoryBytes, 1.1)).toEqual(['catalog']);
  });
});

describe('the life of a fault', () => {
  test.each(FAULT_KINDS)('%s: nothing before its start, nothing of it left after its end', (kind) => {
    const scripted: Fault = {
      id: 'f',
      kind,
      target: 'catalog',
      magnitude: 1,
      startMs: PEAK_MS,
      endMs: PEAK_MS + 60_000,
    };
    const overMs = PEAK_MS + 60_000 + FAULTS[kind].fallMs;
    for (const quietMs of [PEAK_MS - 1, PEAK_MS, overMs]) expect(at(quietMs, scripted)).toEqual(at(quietMs));
    expect(at(PEAK_MS + 59_000, scripted)).not.toEqual(at(PEAK_MS + 59_000));
  });

  test('it rises and falls linearly', () => {
    const latency: Fault = {
      ...fault({ kind: 'latency', target: 'catalog' }),
      riseMs: 10_000,
      endMs: PEAK_MS + 20_000,
    };
    const strengths = [0, 5, 10, 20, 22, 24, 30].map((s) => faultStrength(latency, PEAK_MS + s * 1000));
    expect(strengths.map((s) => Math.round(s * 100) / 100)).toEqual([0, 0.4, 0.8, 0.8, 0.4, 0, 0]);
  });

  test('ended while it rises, it falls from where it got to', () => {
    const latency: Fault = { ...fault({ kind: 'latency', target: 'catalog' }), riseMs: 10_000, endMs: PEAK_MS + 5_000 };
    expect(faultStrength(latency, PEAK_MS + 5_000)).toBeCloseTo(0.4);
    expect(faultStrength(latency, PEAK_MS + 7_000)).toBeCloseTo(0.2);
  });

  test('several faults of one resource add up', () => {
    const half = fault({ kind: 'errors', target: 'catalog', magnitude: 0.5 });
    const both = at(AT_MS, half, { ...half, id: 'fault-2' });
    expect(services('errorRate', both)['catalog']).toBeCloseTo(0.75, 1);
  });

  test('a fault of a resource that is not there does nothing', () => {
    expect(under({ kind: 'down', target: 'nobody' })).toEqual(calm);
  });
});
