import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildTopology } from '../../src/sources/build-topology.ts';
import { ColumnBuilder } from '../../src/sources/metrics-column.ts';
import { TopologyMapping, UNMATCHED } from '../../src/sources/metrics-mapping.ts';
import { COMBINE_RULES, type CombineRule } from '../../src/sources/metrics-well-known.ts';
import { loadPreset, type PresetMetric } from '../../src/sources/presets.ts';
import type { ResourceMapping } from '../../src/sources/presets-schema.ts';
import { LabelSpans, LabelTable, hashBytes } from '../../src/sources/prometheus-label-table.ts';

function spansOf(values: readonly string[]): LabelSpans {
  const spans = new LabelSpans(Buffer.from(values.join('')), values.length);
  let at = 0;
  values.forEach((value, i) => {
    spans.starts[i] = at;
    spans.ends[i] = at += Buffer.byteLength(value);
    spans.hashes[i] = hashBytes(spans.bytes, spans.starts[i], at);
  });
  return spans;
}

const metricWith = (...mappings: ResourceMapping[]): PresetMetric =>
  ({ ...loadPreset('topdeck').metrics[0], mappings }) as unknown as PresetMetric;

const topology = buildTopology(
  [
    { id: 'api' },
    { id: 'api-gateway' },
    { id: 'checkout' },
    { id: 'db-1', name: 'orders' },
    { id: 'db-2', name: 'twin' },
    { id: 'db-3', name: 'twin' },
    { id: 'kafka' },
  ],
  [
    { source: 'api-gateway', target: 'api' },
    { source: 'api', target: 'db-1' },
    { source: 'api', target: 'kafka' },
    { source: 'checkout', target: 'db-1' },
  ],
);
const idOf = (index: number): string | undefined => (index === UNMATCHED ? undefined : topology.resources[index].id);
const resolve = (mapping: ResourceMapping, value: string): string | undefined =>
  idOf(new TopologyMapping(topology).resolver(metricWith(mapping)).resolve(spansOf([value])));

describe('label values and resources', () => {
  test.each([
    ['an id', 'api', 'api'],
    ['a name', 'orders', 'db-1'],
    ['a name that two resources share', 'twin', undefined],
    ['nothing known', 'nobody', undefined],
    ['an empty value', '', undefined],
  ])('by default %s is looked up', (_, value, expected) => {
    expect(resolve({ label: 'x' }, value)).toBe(expected);
  });

  test('match restricts and orders what is compared', () => {
    expect(resolve({ label: 'x', match: ['id'] }, 'orders')).toBeUndefined();
    expect(resolve({ label: 'x', match: ['name'] }, 'db-1')).toBeUndefined();
    const swapped = buildTopology(
      [
        { id: 'a', name: 'b' },
        { id: 'b', name: 'a' },
      ],
      [],
    );
    const resolver = new TopologyMapping(swapped).resolver(metricWith({ label: 'x', match: ['name', 'id'] }));
    expect(swapped.resources[resolver.resolve(spansOf(['a']))].id).toBe('b');
  });

  const podMetric = loadPreset('topdeck').metrics.find(({ spec }) => spec.name === 'cpu_usage') as PresetMetric;
  test.each([
    ['the pod of a Deployment', 'checkout-7d9f8b6c5d-x2x4z', 'checkout'],
    ['of another one with a short hash', 'checkout-6b9f-k8szq', 'checkout'],
    ['of a StatefulSet', 'kafka-12', 'kafka'],
    ['of a DaemonSet', 'api-gateway-x2x4z', 'api-gateway'],
    ['of a Deployment whose name begins like another service', 'api-gateway-7d9f8b6c5d-x2x4z', 'api-gateway'],
    ['a pod that is called like the service', 'checkout', 'checkout'],
    ['a resource that looks like a pod of a set', 'db-1', 'db-1'],
    ['a pod of a set that is known by name', 'orders-0', 'db-1'],
    ['a service that only begins like one of ours', 'api-docs-7d9f8b6c5d-x2x4z', undefined],
    ['a pod of somebody else', 'grafana-7d9f8b6c5d-x2x4z', undefined],
  ])('%s', (_, pod, expected) => {
    expect(idOf(new TopologyMapping(topology).resolver(podMetric).resolve(spansOf([pod])))).toBe(expected);
  });
});

describe('edges', () => {
  const resolver = new TopologyMapping(topology).resolver(metricWith({ label: 'a' }, { label: 'b' }));

  test('every dependency is found, and nothing else', () => {
    for (const source of topology.resources)
      for (const target of topology.resources) {
        const expected = topology.dependencies.findIndex((d) => d.source === source.id && d.target === target.id);
        expect(resolver.resolve(spansOf([source.id, target.id]))).toBe(expected);
      }
    expect(resolver.resolve(spansOf(['nobody', 'api']))).toBe(UNMATCHED);
    expect(resolver.resolve(spansOf(['api', 'nobody']))).toBe(UNMATCHED);
  });

  test('any graph is indexed right', () => {
    const id = fc.integer({ min: 0, max: 12 }).map((n) => `r${n}`);
    fc.assert(
      fc.property(fc.array(fc.record({ source: id, target: id })), (calls) => {
        const graph = buildTopology(
          Array.from({ length: 13 }, (_, n) => ({ id: `r${n}` })),
          calls,
        );
        const edge = new TopologyMapping(graph).resolver(metricWith({ label: 'a' }, { label: 'b' }));
        graph.dependencies.forEach(({ source, target }, i) => expect(edge.resolve(spansOf([source, target]))).toBe(i));
      }),
    );
  });

  test('a series without one of the labels belongs to nothing', () => {
    const spans = spansOf(['api', 'kafka']);
    spans.ends[1] = -1;
    expect(resolver.resolve(spans)).toBe(UNMATCHED);
  });
});

describe('the memory of label values', () => {
  test('resolves each value once and never confuses two, through growth and forgetting', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 4 }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        (values, max) => {
          const table = new LabelTable((value) => value.length * 1000 + (value.codePointAt(0) ?? 0), max);
          for (const value of values)
            expect(table.lookup(spansOf([value]), 0)).toBe(value.length * 1000 + (value.codePointAt(0) ?? 0));
        },
      ),
    );
    const asked: string[] = [];
    const table = new LabelTable((value) => asked.push(value));
    const many = Array.from({ length: 5000 }, (_, i) => `value-${i}`);
    const first = many.map((value) => table.lookup(spansOf([value]), 0));
    expect(many.map((value) => table.lookup(spansOf([value]), 0))).toEqual(first);
    expect(asked).toEqual(many);
  });
});

describe('several series of one entity', () => {
  const combined: Record<CombineRule, number> = { sum: 12, max: 7, min: 1, avg: 4 };
  test.each(COMBINE_RULES)('%s leaves the unknown out', (rule) => {
    const column = new ColumnBuilder(2, 1, rule);
    for (const value of [1, Number.NaN, 4, Number.POSITIVE_INFINITY, 7]) column.add(1, 0, value);
    expect([...column.values(0)]).toEqual([Number.NaN, combined[rule]]);
    const report = { outcome: 'ok', seriesMatched: 3, seriesUnmatched: 0, warnings: [] };
    expect(column.report(0, { partial: false, warnings: [] })).toEqual(report);
  });
});
