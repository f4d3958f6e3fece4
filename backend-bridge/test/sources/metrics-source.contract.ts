import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MetricSpec, type MetricsBatch, type SourceFreshness, type Topology } from '@topdeck/protocol';
import Value from 'typebox/value';
import type { MetricRange, MetricsSource, RangeRequest } from '../../src/sources/metrics-source.ts';

/** What a test needs of an adapter: the source, a graph it has values for, and handles on its upstream where it has one. */
export interface MetricsSourceHarness {
  readonly source: MetricsSource;
  /** At least two resources and one dependency. */
  readonly topology: Topology;
  /** A graph several times the size, over the same upstream. */
  readonly largerTopology: Topology;
  /** A time for which the source has values for `topology`, and has had them for `historyMs` before it. */
  readonly atMs: number;
  readonly historyMs: number;
  /** Absent where nothing is asked of another process. */
  readonly upstream?: {
    /** Requests it has received so far. */
    requests(): number;
    /** From now on it refuses or cuts every request, until `restore`. */
    break(): Promise<void>;
    restore(): Promise<void>;
  };
  close(): Promise<void>;
}

const key = (spec: MetricSpec): string => `${spec.scope}.${spec.name}`;
const never = (): AbortSignal => new AbortController().signal;
const stateOf = (source: MetricsSource): SourceFreshness['state'] => source.freshness().state;

function expectWellFormed(batch: MetricsBatch, source: MetricsSource, topology: Topology): void {
  expect(batch.topologyVersion).toBe(topology.version);
  expect(batch.columns.map((column) => column.spec)).toEqual(source.metrics);
  for (const { spec, values, report } of batch.columns) {
    expect(values).toBeInstanceOf(Float64Array);
    expect(values.length).toBe(spec.scope === 'service' ? topology.resources.length : topology.dependencies.length);
    const known = values.filter((value) => !Number.isNaN(value));
    expect(known.every(Number.isFinite)).toBe(true);
    const carriesValues = report.outcome === 'ok' || report.outcome === 'partial';
    expect({ metric: key(spec), hasValues: known.length > 0 }).toEqual({ metric: key(spec), hasValues: carriesValues });
  }
}

/** `expected`, if it is `value` up to the order in which a sum was made. */
const roundedLike = (value: number, expected: number): number =>
  Math.abs(value - expected) <= 1e-9 * Math.abs(value) ? value : expected;

const readable = (batch: MetricsBatch): string[] =>
  batch.columns.filter(({ report }) => report.outcome === 'ok').map(({ spec }) => key(spec));

/** The contract of {@link MetricsSource}; every adapter runs it. `makeHarness` gives a fresh source for each test. */
export function describeMetricsSource(name: string, makeHarness: () => Promise<MetricsSourceHarness>): void {
  describe(`MetricsSource contract: ${name}`, () => {
    let harness: MetricsSourceHarness;
    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(async () => {
      await harness.source.close();
      await harness.close();
    });

    const collect = (topology = harness.topology): Promise<MetricsBatch> =>
      harness.source.collect({ topology, atMs: harness.atMs, signal: never() });
    const backfill = (signal = never()): Promise<readonly MetricsBatch[]> => {
      const { topology, atMs, historyMs } = harness;
      return harness.source.backfill({
        topology,
        fromMs: atMs - historyMs,
        toMs: atMs,
        stepMs: historyMs / 10,
        signal,
      });
    };

    test('describes each metric once, validly, and at most twelve of them', () => {
      const { metrics } = harness.source;
      for (const spec of metrics) expect([key(spec), Value.Check(MetricSpec, spec)]).toEqual([key(spec), true]);
      expect(new Set(metrics.map(key)).size).toBe(metrics.length);
      expect(metrics.length).toBeGreaterThan(0);
      expect(metrics.length).toBeLessThanOrEqual(12);
    });

    test('collects every metric at the requested time, aligned with the topology', async () => {
      const batch = await collect();
      expect(batch.atMs).toBe(harness.atMs);
      expectWellFormed(batch, harness.source, harness.topology);
      expect(readable(batch)).toEqual(expect.arrayContaining(['service.request_rate', 'edge.request_rate']));
    });

    test('gives its arrays away: a later collection does not touch them', async () => {
      const first = await collect();
      const before = first.columns.map(({ values }) => values.slice());
      const second = await collect();
      first.columns.forEach(({ values }, index) => {
        expect(values.buffer).not.toBe(second.columns[index]?.values.buffer);
        expect(values).toEqual(before[index]);
      });
    });

    test('follows a change of the topology between two collections', async () => {
      await collect();
      expectWellFormed(await collect(harness.largerTopology), harness.source, harness.largerTopology);
      expectWellFormed(await collect(), harness.source, harness.topology);
    });

    test('collects for an empty topology without a fault', async () => {
      const { topology } = harness;
      const none = new Uint32Array(0);
      const empty: Topology = {
        ...topology,
        version: 'empty',
        resources: [],
        dependencies: [],
        indexOf: new Map(),
        edgeSource: none,
        edgeTarget: none,
      };
      expectWellFormed(await collect(empty), harness.source, empty);
    });

    test('asks upstream as often for a large topology as for a small one', async () => {
      const { upstream } = harness;
      if (upstream === undefined) return expect(harness.source.kind).not.toBe('prometheus');
      const counts: number[] = [];
      for (const topology of [harness.topology, harness.largerTopology]) {
        const before = upstream.requests();
        await collect(topology);
        counts.push(upstream.requests() - before);
      }
      expect(counts[0]).toBeGreaterThan(0);
      expect(counts).toEqual([counts[0], counts[0]]);
      expect(counts[0]).toBeLessThanOrEqual(harness.source.metrics.length);
    });

    test('rejects a collection that is aborted, with the reason given', async () => {
      const reason = new Error('no longer wanted');
      const { topology, atMs } = harness;
      await expect(harness.source.collect({ topology, atMs, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    test('backfills in ascending time within the range, each batch like a collection', async () => {
      const { atMs, historyMs, topology, source, upstream } = harness;
      const before = upstream?.requests() ?? 0;
      const batches = await backfill();
      expect((upstream?.requests() ?? 0) - before).toBeLessThanOrEqual(source.metrics.length);
      expect(batches.length).toBeGreaterThan(1);
      const times = batches.map((batch) => batch.atMs);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      expect(times[0]).toBeGreaterThanOrEqual(atMs - historyMs);
      expect(times.at(-1)).toBeLessThanOrEqual(atMs);
      for (const batch of batches) expectWellFormed(batch, source, topology);
      expect(readable(batches.at(-1) as MetricsBatch)).toContain('service.request_rate');
    });

    test('stops a backfill that is aborted without failing', async () => {
      expect(await backfill(AbortSignal.abort(new Error('no longer wanted')))).toEqual([]);
    });

    const range = (name: string, request: Partial<RangeRequest> = {}): Promise<MetricRange> => {
      const { source, topology, atMs, historyMs } = harness;
      const metric = source.metrics.find((spec) => key(spec) === name) as MetricSpec;
      const stepMs = historyMs / 10;
      const times = { fromMs: atMs - historyMs, toMs: atMs, stepMs };
      return source.range({ topology, metric, entities: undefined, ...times, signal: never(), ...request });
    };

    test.each(['service.request_rate', 'edge.request_rate'])(
      'REST-13 a range of %s has at each time what a collection at that time has',
      async (name) => {
        const { source, topology, atMs, historyMs, upstream } = harness;
        const before = upstream?.requests() ?? 0;
        const found = await range(name);
        if (upstream !== undefined) expect(upstream.requests() - before).toBe(1);
        const { stepMs, times, entities, columns } = found;
        expect(stepMs).toBe(historyMs / 10);
        expect(times.length).toBeGreaterThanOrEqual(10);
        for (const time of times) expect(time % stepMs).toBe(0);
        expect(times[0]).toBeGreaterThanOrEqual(atMs - historyMs);
        expect(times.at(-1)).toBeLessThanOrEqual(atMs);
        expect(times).toEqual(times.map((_, k) => times[0] + k * stepMs));
        const size = name.startsWith('edge') ? topology.dependencies.length : topology.resources.length;
        expect(entities).toEqual(Array.from({ length: size }, (_, index) => index));
        expect(columns.map(({ length }) => length)).toEqual(times.map(() => size));
        const last = times.length - 1;
        const batch = await source.collect({ topology, atMs: times[last], signal: never() });
        const collected = batch.columns.find(({ spec }) => key(spec) === name)?.values as Float64Array;
        expect(collected.some(Number.isFinite)).toBe(true);
        columns[last].forEach((value, i) => expect(value).toBe(roundedLike(value, collected[i])));
      },
    );

    test('REST-13 a range of a few is the part of the whole that is theirs', async () => {
      for (const name of ['service.request_rate', 'edge.request_rate']) {
        const whole = await range(name);
        const some = whole.entities.filter((entity) => entity % 2 === 0);
        const part = await range(name, { entities: some });
        expect(part.times).toEqual(whole.times);
        expect(part.entities).toEqual(some);
        for (const [k, column] of part.columns.entries())
          column.forEach((value, i) => expect(value).toBe(roundedLike(value, whole.columns[k][some[i]])));
      }
    });

    test('REST-13 a range of nobody asks nobody', async () => {
      const before = harness.upstream?.requests() ?? 0;
      const found = await range('service.request_rate', { entities: [] });
      expect(found.entities).toEqual([]);
      expect(found.columns.every(({ length }) => length === 0)).toBe(true);
      expect(harness.upstream?.requests() ?? 0).toBe(before);
    });

    test('REST-13 a range has at most 1,000 times: the step grows to a multiple of itself', async () => {
      const { atMs } = harness;
      const found = await range('service.request_rate', { fromMs: atMs - 3_600_000, stepMs: 1_000, entities: [0] });
      expect(found.stepMs).toBe(4_000);
      expect(found.times.length).toBeLessThanOrEqual(1_000);
      expect(found.times.length).toBeGreaterThan(890);
    });

    test('REST-13 a range that is aborted rejects with the reason given', async () => {
      const reason = new Error('no longer wanted');
      await expect(range('service.request_rate', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    test('REST-13 a range whose upstream fails rejects with its fault, and says nothing of freshness', async () => {
      const { source, upstream } = harness;
      if (upstream === undefined) return expect(source.kind).not.toBe('prometheus');
      await collect();
      await upstream.break();
      await expect(range('service.request_rate')).rejects.toMatchObject({
        code: 'PROMETHEUS_UNREACHABLE',
        status: 502,
      });
      expect(stateOf(source)).toBe('fresh');
      await upstream.restore();
      expect((await range('service.request_rate')).times.length).toBeGreaterThan(0);
    });

    test('is fresh after a collection, and says when it was', async () => {
      const { source, atMs } = harness;
      await collect();
      const freshness = source.freshness();
      expect(freshness).toMatchObject({ source: source.kind, state: 'fresh' });
      expect(freshness.error_code).toBeUndefined();
      expect(freshness.last_success).toBe(new Date(atMs).toISOString());
    });

    test('reports an upstream that never answered as unavailable, with a code', async () => {
      const { source, upstream, topology } = harness;
      if (upstream === undefined) return expect(source.kind).not.toBe('prometheus');
      await upstream.break();
      const batch = await collect();
      expectWellFormed(batch, source, topology);
      expect(new Set(batch.columns.map(({ report }) => report.outcome))).toEqual(new Set(['error']));
      expect(source.freshness()).toMatchObject({
        state: 'unavailable',
        error_code: expect.stringMatching(/^[A-Z_]+$/),
      });
      expect(source.freshness().last_success).toBeUndefined();
      expect(await backfill()).toEqual([]);
    });

    test('goes stale when the upstream is lost and recovers by itself', async () => {
      const { source, upstream } = harness;
      if (upstream === undefined) return expect(source.kind).not.toBe('prometheus');
      await collect();
      const { last_success } = source.freshness();
      await upstream.break();
      await collect();
      expect(source.freshness()).toMatchObject({ state: 'stale', last_success, error_code: expect.any(String) });
      await upstream.restore();
      expect(readable(await collect())).toContain('service.request_rate');
      expect(stateOf(source)).toBe('fresh');
    });

    test('may be closed twice', async () => {
      await collect();
      await harness.source.close();
      await expect(harness.source.close()).resolves.toBeUndefined();
    });
  });
}
