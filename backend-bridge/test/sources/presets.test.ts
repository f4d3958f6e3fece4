import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MetricSpec } from '@topdeck/protocol';
import Value from 'typebox/value';
import { BUILT_IN_PRESETS, loadPreset, renderQuery } from '../../src/sources/presets.ts';
import { WELL_KNOWN } from '../../src/sources/metrics-well-known.ts';

const RED = ['request_rate', 'error_rate', 'latency_p95'];

describe.each(Object.keys(BUILT_IN_PRESETS))('preset %s', (name) => {
  const preset = loadPreset(name);
  const keys = preset.metrics.map(({ spec }) => `${spec.scope}.${spec.name}`);

  test('has rate, errors and latency of services and edges, in at most 12 queries', () => {
    const red = ['service', 'edge'].flatMap((scope) => RED.map((metric) => `${scope}.${metric}`));
    expect(keys).toEqual(expect.arrayContaining(red));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeLessThanOrEqual(12);
  });

  test('describes its metrics validly, well-known ones in the unit that thresholds are in', () => {
    for (const { spec } of preset.metrics) {
      expect(Value.Check(MetricSpec, spec)).toBe(true);
      expect(WELL_KNOWN[spec.name].units).toContain(spec.unit);
    }
  });

  test('aggregates every query by the labels it maps', () => {
    for (const { query, mappings, spec } of preset.metrics) {
      const labels = mappings.map(({ label }) => label);
      const groups = [...query.matchAll(/sum by \(([^)]*)\)/g)].map((found) => found[1].split(/,\s*/));
      expect([spec, groups.length > 0]).toEqual([spec, true]);
      for (const group of groups) expect(group.filter((label) => label !== 'le')).toEqual(labels);
    }
  });

  test('uses the configured window in every rate', () => {
    for (const metric of preset.metrics) {
      const promql = renderQuery(metric, '90s');
      expect(promql).not.toContain('$');
      expect(promql.match(/\brate\(/g)?.length ?? 0).toBe(promql.split('[90s]').length - 1);
    }
  });
});

describe('the preset of the original', () => {
  test('has CPU and memory of services besides', () => {
    const names = loadPreset('topdeck').metrics.map(({ spec }) => `${spec.scope}.${spec.name}`);
    expect(names).toEqual(expect.arrayContaining(['service.cpu_usage', 'service.memory_usage']));
  });
});

describe('a preset of one’s own', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'presets-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (text: string, name = 'preset.yaml'): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const load = (text: string): unknown => loadPreset(write(text));
  const faults = (text: string): string[] => {
    try {
      load(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'METRICS_PRESET_INVALID' });
      return (error as { detail: string }).detail.split('\n  ').slice(1);
    }
    return [];
  };

  test('states its metrics as YAML; a well-known one needs neither unit nor direction', () => {
    const preset = loadPreset(
      write(`
description: queues
metrics:
  - name: queue_depth
    scope: service
    unit: messages
    bad_direction: up
    combine: sum
    query: sum by (queue) (rabbitmq_queue_messages)
    resource: { label: queue, match: [name], patterns: ['prod\\.(.+)'] }
  - name: error_rate
    scope: edge
    query: my_recording_rule
    source: { label: from }
    target: { label: to }
`),
    );
    expect(preset.description).toBe('queues');
    expect(preset.metrics).toEqual([
      {
        spec: { name: 'queue_depth', scope: 'service', unit: 'messages', bad_direction: 'up' },
        query: 'sum by (queue) (rabbitmq_queue_messages)',
        combine: 'sum',
        mappings: [{ label: 'queue', match: ['name'], patterns: ['prod\\.(.+)'] }],
      },
      {
        spec: { name: 'error_rate', scope: 'edge', unit: 'ratio', bad_direction: 'up' },
        query: 'my_recording_rule',
        combine: 'max',
        mappings: [{ label: 'from' }, { label: 'to' }],
      },
    ]);
  });

  test('may be JSON', () => {
    const metrics = [{ name: 'request_rate', scope: 'service', query: 'x', resource: { label: 'app' } }];
    expect(loadPreset(write(JSON.stringify({ metrics }), 'preset.json')).metrics).toHaveLength(1);
  });

  test.each(Object.entries(BUILT_IN_PRESETS))('may be a copy of the built-in %s', (name, path) => {
    expect(loadPreset(path).metrics).toEqual(loadPreset(name).metrics);
  });

  test('may be the example of the README, which also tells units and rules as they are', () => {
    const readme = readFileSync(new URL('../../src/sources/presets/README.md', import.meta.url), 'utf8');
    const example = /```yaml\n([^`]*)```/.exec(readme)?.[1] ?? '';
    expect(loadPreset(write(example)).metrics).toHaveLength(3);
    for (const name of Object.keys(BUILT_IN_PRESETS)) expect(readme).toContain(`| \`${name}\``);
    for (const [name, { units, badDirection, combine }] of Object.entries(WELL_KNOWN)) {
      const row = readme.split('\n').find((line) => line.includes(`| \`${name}\``));
      for (const fact of [...units, badDirection, combine]) expect(row).toContain(fact);
    }
  });

  test('is refused with all its faults', () => {
    const found = faults(`
owner: me
metrics:
  - name: Bad-Name
    scope: service
    query: ''
    resource: { label: 'a b', match: [uid], regex: x }
  - name: queue_depth
    scope: service
    query: rate(x[$__rate_interval])
    resource: { label: queue, patterns: ['(', 'prod', '(a)(b)'] }
  - name: latency_p95
    scope: edge
    unit: ms
    query: y
    source: { label: a }
    target: { label: b }
  - name: latency_p95
    scope: edge
    query: y
    source: { label: a }
  - scope: cluster
  - nonsense
`);
    expect(found).toEqual([
      'owner: unknown key',
      'metrics.0.name: must match pattern "^[a-z][a-z0-9_]*$"',
      expect.stringMatching(/^metrics\.0\.query: /),
      'metrics.0.resource.regex: unknown key',
      expect.stringMatching(/^metrics\.0\.resource\.label: must match pattern/),
      'metrics.0.resource.match.0: expected one of id, name',
      'metrics.1.unit: is missing (queue_depth is not a well-known metric)',
      'metrics.1.bad_direction: is missing (queue_depth is not a well-known metric)',
      'metrics.1.combine: is missing (queue_depth is not a well-known metric)',
      'metrics.1.query: unknown placeholder $__rate_interval; there is only $window',
      expect.stringMatching(/^metrics\.1\.resource\.patterns\.0: .*[Uu]nterminated group/),
      'metrics.1.resource.patterns.1: expected one capture group, found 0',
      'metrics.1.resource.patterns.2: expected one capture group, found 2',
      'metrics.2.unit: latency_p95 is in s; convert it in the query',
      'metrics.3.target: is missing',
      'metrics.3.name: edge.latency_p95 is there twice',
      'metrics.4.scope: expected service or edge',
      'metrics.5.expected a mapping',
    ]);
  });

  test('may not ask more than 12 queries of Prometheus', () => {
    const entry = (i: number): string =>
      `  - { name: m${i}, scope: service, unit: x, bad_direction: up, combine: sum, query: q, resource: { label: l } }\n`;
    const metrics = (count: number): string =>
      `metrics:\n${Array.from({ length: count }, (_, i) => entry(i)).join('')}`;
    expect(faults(metrics(12))).toEqual([]);
    expect(faults(metrics(13))).toEqual(['metrics: 13 of them; at most 12, for each is a query every collection']);
  });

  test.each([
    ['an empty file', ''],
    ['a list', '- a\n- b'],
    ['no metrics', 'metrics: []'],
    ['broken YAML', 'metrics: [\n'],
  ])('%s is refused', (_, text) => {
    expect(() => load(text)).toThrow(expect.objectContaining({ code: 'METRICS_PRESET_INVALID' }));
  });

  test('a missing file and a mistyped name are told apart', () => {
    expect(() => loadPreset(join(folder, 'none.yaml'))).toThrow(/none\.yaml \(ENOENT/);
    expect(() => loadPreset('topdek')).toThrow(/topdek; presets are topdeck, otel-servicegraph/);
    expect(() => loadPreset('constructor')).toThrow(/presets are/);
  });

  test('the end of a PromQL regular expression and capture groups are no placeholders', () => {
    const query = 'label_replace(x{a=~"b$"}, "to", "$1-${2}", "from", "(.*)-(.*)")';
    const text = JSON.stringify({
      metrics: [{ name: 'request_rate', scope: 'service', query, resource: { label: 'to' } }],
    });
    const [metric] = loadPreset(write(text)).metrics;
    expect(renderQuery(metric, '1m')).toBe(query);
  });
});
