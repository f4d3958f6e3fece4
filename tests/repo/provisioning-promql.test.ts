import { describe, expect, test } from '@jest/globals';
import type { Registry } from 'prom-client';
import { createPipelineMetrics, createServerMetrics } from '../../backend-bridge/src/telemetry/metrics.ts';
import { DASHBOARDS } from './provisioning-files.ts';

/** What a scrape adds to each series, and a histogram to its buckets. */
const ADDED = ['instance', 'job', 'le'];
const SUFFIXES: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'] };

/** Labels by the name of each series that a scrape of the bridge gives. */
async function seriesOf(registry: Registry): Promise<[string, readonly string[]][]> {
  const labels = new Map(
    registry.getMetricsAsArray().map((metric) => [metric.name, (metric as { labelNames?: string[] }).labelNames ?? []]),
  );
  const metrics = await registry.getMetricsAsJSON();
  return metrics.flatMap(({ name, type }) =>
    (SUFFIXES[type] ?? ['']).map((suffix): [string, readonly string[]] => [`${name}${suffix}`, labels.get(name) ?? []]),
  );
}

const registries = [createPipelineMetrics().registry, createServerMetrics().registry];
const SERIES = new Map((await Promise.all(registries.map(seriesOf))).flat());

const withoutTexts = (expr: string): string => expr.replace(/"(?:[^"\\]|\\.)*"/g, '""');
const metricsIn = (expr: string): string[] => withoutTexts(expr).match(/\b(topdeck|nodejs|process)_\w+/g) ?? [];
const split = (list: string): string[] =>
  list
    .split(',')
    .map((part) => part.trim().replace(/\W.*$/, ''))
    .filter((part) => part !== '');
const groupedBy = (expr: string): string[] =>
  [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => split(list));
const matched = (expr: string): string[] =>
  [...withoutTexts(expr).matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) => split(list));

const TARGETS = DASHBOARDS.flatMap(([, { panels }]) =>
  panels.flatMap(({ title, targets = [] }) =>
    targets.flatMap(({ expr, legendFormat = '' }) => (expr === undefined ? [] : [{ title, expr, legendFormat }])),
  ),
);
const VARIABLES = DASHBOARDS.flatMap(([, { templating }]) =>
  templating.list
    .filter(({ datasource }) => datasource?.type === 'prometheus')
    .map(({ query }) => (query as { query: string }).query),
);

describe('what dashboards ask Prometheus for', () => {
  test('are metrics that the bridge has', () => {
    expect(TARGETS.length).toBeGreaterThan(0);
    expect(TARGETS.filter(({ expr }) => metricsIn(expr).length === 0)).toEqual([]);
    const asked = [...TARGETS.map(({ expr }) => expr), ...VARIABLES].flatMap(metricsIn);
    expect(asked.filter((name) => !SERIES.has(name))).toEqual([]);
  });

  test('are the bridge’s alone, by the bridges that are chosen', () => {
    const unchosen = TARGETS.filter(
      ({ expr }) => (expr.match(/instance=~"\$instance"/g) ?? []).length !== metricsIn(expr).length,
    );
    expect(unchosen).toEqual([]);
    expect(VARIABLES).toEqual([expect.stringMatching(/^label_values\(topdeck_\w+, instance\)$/)]);
  });

  test('are labels that these metrics have', () => {
    const unknown = TARGETS.flatMap(({ title, expr }) => {
      const known = [...ADDED, ...metricsIn(expr).flatMap((name) => SERIES.get(name) ?? [])];
      return [...groupedBy(expr), ...matched(expr)]
        .filter((label) => !known.includes(label))
        .map((l) => `${title}: ${l}`);
    });
    expect(unknown).toEqual([]);
  });

  test('are named by labels that are left', () => {
    const unnamed = TARGETS.flatMap(({ title, expr, legendFormat }) =>
      [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)]
        .filter(([, label]) => !groupedBy(expr).includes(label))
        .map(([, label]) => `${title}: ${label}`),
    );
    expect(unnamed).toEqual([]);
  });

  test('include every metric of the bridge’s own', async () => {
    const asked = TARGETS.map(({ expr }) => expr).join('\n');
    const names = (await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()))).flat();
    const own = names.map(({ name }) => name).filter((name) => name.startsWith('topdeck_'));
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((name) => !asked.includes(name))).toEqual([]);
  });
});
