import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricColumn, MetricsBatch, MetricSpec, Topology } from '@topdeck/protocol';
import { buildTopology } from '../../../backend-bridge/src/sources/build-topology.ts';
import { csvRows, numberOf } from '../csv-rows.ts';

/** CloudWatch’s period in this set. A row’s timestamp is the begin of its period. */
export const STEP_MS = 300_000;

interface Column {
  readonly spec: MetricSpec;
  readonly metric: string;
  readonly statistic: string;
  /** From the file’s unit into the metric’s. */
  readonly convert: (value: number) => number;
}
const PERIOD_S = STEP_MS / 1000;
const COLUMNS: readonly Column[] = [
  {
    spec: { name: 'request_rate', scope: 'service', unit: '1/s', bad_direction: 'down' },
    metric: 'requests',
    statistic: 'Sum',
    convert: (sum) => sum / PERIOD_S,
  },
  {
    spec: { name: 'error_rate', scope: 'service', unit: 'ratio', bad_direction: 'up' },
    metric: 'availability',
    statistic: 'Average',
    convert: (percent) => 1 - percent / 100,
  },
  {
    spec: { name: 'latency_avg', scope: 'service', unit: 's', bad_direction: 'up' },
    metric: 'latency',
    statistic: 'Average',
    convert: (seconds) => seconds,
  },
];
export const METRICS: readonly MetricSpec[] = COLUMNS.map(({ spec }) => spec);
const SPEC_OF_METRIC: Readonly<Record<string, string>> = { latency: 'latency_avg', availability: 'error_rate' };

export interface Issue {
  readonly name: string;
  readonly target: { readonly node: string; readonly metric: string; readonly atMs: number };
  readonly cause: string;
  readonly batches: readonly MetricsBatch[];
}
export interface PetShop {
  readonly topology: Topology;
  /** Normal time, for learning. */
  readonly normal: readonly MetricsBatch[];
  readonly issues: readonly Issue[];
}

export type Rename = (node: string) => string;
interface Naming {
  readonly topology: Topology;
  readonly rename: Rename;
}

/** X-Ray infers both ends that sent no traces of their own: called ones from their callers, calling ones from the called. */
const isInferred = (node: string): boolean => /_(remote|client)$/.test(node);

function readTopology(file: string, rename: Rename): Topology {
  const [[, ...called], ...rows] = csvRows(file);
  const nodes = new Set([...called, ...rows.map(([node]) => node)]);
  return buildTopology(
    [...nodes].map((node) => {
      const id = rename(node);
      return { id, name: id, resource_type: isInferred(node) ? 'inferred' : 'service' };
    }),
    rows.flatMap(([source, ...cells]) =>
      cells.flatMap((cell, i) => (Number(cell) > 0 ? [{ source: rename(source), target: rename(called[i]) }] : [])),
    ),
  );
}

function readMetrics(file: string, { topology, rename }: Naming): MetricsBatch[] {
  const [nodes, metrics, statistics, , ...rows] = csvRows(file);
  const fields = COLUMNS.map(({ metric, statistic }) =>
    nodes.flatMap((node, field) => {
      const index = topology.indexOf.get(rename(node));
      const fits = metrics[field] === metric && statistics[field] === statistic;
      return index !== undefined && fits ? [{ index, field }] : [];
    }),
  );
  return rows.map((row) => ({
    atMs: Number(row[0]) * 1000,
    topologyVersion: topology.version,
    columns: COLUMNS.map(({ spec, convert }, c): MetricColumn => {
      const values = new Float64Array(topology.resources.length).fill(Number.NaN);
      for (const { index, field } of fields[c]) values[index] = convert(numberOf(row[field]));
      return { spec, values, report: { outcome: 'ok', seriesMatched: 0, seriesUnmatched: 0, warnings: [] } };
    }),
  }));
}

function readIssue(dir: string, name: string, naming: Naming): Issue {
  const { target, root_cause } = JSON.parse(readFileSync(join(dir, 'target.json'), 'utf8')) as {
    target: { node: string; metric: string; timestamp: number };
    root_cause: { node: string };
  };
  const metric = SPEC_OF_METRIC[target.metric] ?? target.metric;
  return {
    name,
    target: { node: naming.rename(target.node), metric, atMs: target.timestamp * 1000 },
    cause: naming.rename(root_cause.node),
    batches: readMetrics(join(dir, 'metrics.csv'), naming),
  };
}

/** One traffic folder: graph, normal time and the issues of both halves. `rename` proves that names play no part. */
export function readPetShop(dir: string, rename: Rename = (node) => node): PetShop {
  const topology = readTopology(join(dir, 'graph.csv'), rename);
  const naming = { topology, rename };
  const issues = ['train', 'test']
    .filter((half) => existsSync(join(dir, half)))
    .flatMap((half) =>
      readdirSync(join(dir, half))
        .sort()
        .map((issue) => readIssue(join(dir, half, issue), `${half}/${issue}`, naming)),
    );
  return { topology, normal: readMetrics(join(dir, 'noissue', 'metrics.csv'), naming), issues };
}
