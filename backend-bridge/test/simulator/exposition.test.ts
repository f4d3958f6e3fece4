import { describe, expect, test } from '@jest/globals';
import { exposeMetrics, podName } from '../../src/simulator/exposition.ts';
import { LiveSystem } from '../../src/simulator/live-system.ts';
import { PEAK_MS, SHOP, graph } from './system.ts';

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** Samples of a page in the text format; throws at a line that is none. */
function parse(page: string): Sample[] {
  return page
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const match = /^([a-z_]+)\{(.*)\} (\S+)$/.exec(line);
      if (match === null) throw new Error(`not a sample: ${line}`);
      return { name: match[1], labels: match[2], value: Number(match[3]) };
    });
}

const start = (topology = SHOP): LiveSystem => new LiveSystem({ topology, seed: 1, demo: false, startMs: PEAK_MS });
const pageAt = (system: LiveSystem, afterS: number, serviceGraph = false): string =>
  exposeMetrics(system, { nowMs: PEAK_MS + afterS * 1000, serviceGraph });
const valueOf = (samples: Sample[], name: string, labels: string): number | undefined =>
  samples.find((sample) => sample.name === name && sample.labels === labels)?.value;

describe('the /metrics page', () => {
  test('declares each family once, before its samples, and has each series once', () => {
    const page = pageAt(start(), 30, true);
    const types = [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    expect(types).toEqual([
      'http_requests_total counter',
      'http_request_duration_seconds histogram',
      'traces_service_graph_request_total counter',
      'traces_service_graph_request_failed_total counter',
      'traces_service_graph_request_server_seconds histogram',
      'container_cpu_usage_seconds_total counter',
      'container_memory_usage_bytes gauge',
      'simulator_fault_strength gauge',
    ]);
    const series = parse(page).map(({ name, labels }) => `${name}{${labels}}`);
    expect(new Set(series).size).toBe(series.length);
    expect(page.endsWith('\n')).toBe(true);
  });

  test('counts the requests of each edge by status, and those from outside', () => {
    const system = start();
    const samples = parse(pageAt(system, 60));
    const requests = (source: string, target: string, status: number): number =>
      valueOf(samples, 'http_requests_total', `source="${source}",target="${target}",status="${status}"`) as number;
    const edge = SHOP.dependencies.findIndex(({ target }) => target === 'bank');
    const { requestRate, errorRate } = system.counters.newest.edges;
    const [good, bad] = [requests('payments', 'bank', 200), requests('payments', 'bank', 500)];
    expect((good + bad) / (60 * requestRate[edge])).toBeCloseTo(1, 1);
    expect(bad / (good + bad) / errorRate[edge]).toBeCloseTo(1, 0);
    expect(requests('external', 'web', 200)).toBeGreaterThan(0);
    expect(samples.some(({ labels }) => labels.startsWith('source="external",target="shop"'))).toBe(false);
  });

  test('has cumulative buckets that end in the count, and a p95 like the simulated one', () => {
    const system = start();
    const samples = parse(pageAt(system, 60));
    const of = 'source="catalog",target="catalog-db"';
    const buckets = samples.filter(
      ({ name, labels }) => name === 'http_request_duration_seconds_bucket' && labels.startsWith(of),
    );
    const counts = buckets.map(({ value }) => value);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(valueOf(samples, 'http_request_duration_seconds_count', of));
    const bounds = buckets.map(({ labels }) => Number(/le="([^"]+)"/.exec(labels)?.[1].replace('+Inf', 'Infinity')));
    // histogram_quantile(0.95, …): linear within the bucket that holds the rank.
    const rank = 0.95 * (counts.at(-1) as number);
    const k = counts.findIndex((count) => count >= rank);
    const p95 = bounds[k - 1] + ((bounds[k] - bounds[k - 1]) * (rank - counts[k - 1])) / (counts[k] - counts[k - 1]);
    const edge = SHOP.dependencies.findIndex(({ target }) => target === 'catalog-db');
    expect(p95 / system.counters.newest.edges.latencyP95S[edge]).toBeGreaterThan(0.8);
    expect(p95 / system.counters.newest.edges.latencyP95S[edge]).toBeLessThan(1.25);
  });

  test('names pods as a Deployment does, and none for what others run or what is down', () => {
    const system = start();
    system.startFault({ kind: 'down', target: 'catalog', magnitude: 1 }, PEAK_MS);
    const samples = parse(pageAt(system, 30));
    const pods = samples.filter(({ name }) => name === 'container_memory_usage_bytes').map(({ labels }) => labels);
    expect(pods).toContain(`namespace="default",pod="${podName('shop')}",container="shop"`);
    expect(podName('shop')).toBe('shop-7d9f8b6c5d-x2x4z');
    for (const gone of ['bank', 'catalog']) expect(pods.filter((pod) => pod.includes(`"${gone}-7d9`))).toEqual([]);
    const of = `namespace="default",pod="${podName('shop')}",container="shop"`;
    const cpuSeconds = valueOf(samples, 'container_cpu_usage_seconds_total', of) as number;
    const shop = SHOP.indexOf.get('shop') as number;
    expect(cpuSeconds / (30 * system.counters.newest.cpuCores[shop])).toBeCloseTo(1, 1);
  });

  test('tells the strength of the faults at work', () => {
    const system = start();
    system.startFault({ kind: 'errors', target: 'shop', magnitude: 0.5 }, PEAK_MS);
    const of = 'id="fault-1",kind="errors",target="shop"';
    expect(valueOf(parse(pageAt(system, 5)), 'simulator_fault_strength', of)).toBe(0.25);
  });

  test('carries the same traffic under the names of a service graph', () => {
    const samples = parse(pageAt(start(), 30, true));
    const http = (status: number): number =>
      valueOf(samples, 'http_requests_total', `source="shop",target="catalog",status="${status}"`) as number;
    const of = 'client="shop",server="catalog"';
    expect(valueOf(samples, 'traces_service_graph_request_failed_total', of)).toBe(http(500));
    expect(valueOf(samples, 'traces_service_graph_request_total', of)).toBeCloseTo(http(200) + http(500), 2);
  });

  test('escapes what a label must not contain', () => {
    const page = pageAt(start(graph('gateway:a"b\\c\nd > shop')), 1);
    expect(page).toContain('source="a\\"b\\\\c\\nd",target="shop"');
    expect(parse(page).length).toBeGreaterThan(0);
  });
});
