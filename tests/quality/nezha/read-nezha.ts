import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricColumn, MetricsBatch, MetricSpec, Topology } from '@topdeck/protocol';
import { buildTopology } from '../../../backend-bridge/src/sources/build-topology.ts';
import { csvRows, numberOf } from '../csv-rows.ts';

export const STEP_MS = 60_000;

export const METRICS: readonly MetricSpec[] = [
  { name: 'request_rate', scope: 'service', unit: '1/s', bad_direction: 'down' },
  { name: 'error_rate', scope: 'service', unit: 'ratio', bad_direction: 'up' },
  { name: 'latency_p95', scope: 'service', unit: 's', bad_direction: 'up' },
  { name: 'cpu_usage', scope: 'service', unit: 'ratio', bad_direction: 'up' },
  { name: 'memory_usage', scope: 'service', unit: 'ratio', bad_direction: 'up' },
  { name: 'latency_p50', scope: 'edge', unit: 's', bad_direction: 'up' },
  { name: 'network_latency', scope: 'edge', unit: 's', bad_direction: 'up' },
];

export type Rename = (pod: string) => string;

export interface Fault {
  readonly atMs: number;
  readonly pod: string;
  readonly type: string;
}
export interface NezhaDay {
  readonly topology: Topology;
  readonly batches: readonly MetricsBatch[];
  readonly faults: readonly Fault[];
}

/** `2022-08-22 03:51:19.607158889 +0000 UTC m=+0.1`. The other time column is wrong in one file of the set. */
const timeOf = (text: string): number => Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`);

/** A file as rows by minute since `originMs`; files are sampled within seconds of each other. */
class Table {
  readonly #fields: ReadonlyMap<string, number>;
  readonly rows: ReadonlyMap<number, { readonly atMs: number; readonly fields: readonly string[] }>;

  constructor(file: string, originMs: number) {
    const [header, ...rows] = csvRows(file);
    this.#fields = new Map(header.map((name, field) => [name, field]));
    this.rows = new Map(
      rows.map((fields) => {
        const atMs = timeOf(fields[0]);
        return [Math.round((atMs - originMs) / STEP_MS), { atMs, fields }];
      }),
    );
  }

  get names(): readonly string[] {
    return [...this.#fields.keys()];
  }

  value(minute: number, name: string): number {
    const field = this.#fields.get(name);
    return field === undefined ? Number.NaN : numberOf(this.rows.get(minute)?.fields[field]);
  }
}

const METRIC_FILE = '_metric.csv';

/** The columns of a pod’s file, by metric. */
const POD_COLUMNS = {
  request_rate: { name: 'PodWorkload(Ops)', per: 1 },
  latency_p95: { name: 'PodServerLatencyP95(s)', per: 1 },
  cpu_usage: { name: 'CpuUsageRate(%)', per: 100 },
  memory_usage: { name: 'MemoryUsageRate(%)', per: 100 },
} as const;

function readFaults(dir: string, rename: Rename): Fault[] {
  const file = readdirSync(dir).find((name) => name.endsWith('-fault_list.json'));
  if (file === undefined) throw new Error(`no fault list in ${dir}`);
  const byHour = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Record<
    string,
    { inject_timestamp: string; inject_pod: string; inject_type: string }[]
  >;
  return Object.values(byHour)
    .flat()
    .map(({ inject_timestamp, inject_pod, inject_type }) => ({
      atMs: Number(inject_timestamp) * 1000,
      pod: rename(inject_pod),
      type: inject_type,
    }))
    .sort((a, b) => a.atMs - b.atMs);
}

interface Files {
  readonly pods: ReadonlyMap<string, Table>;
  readonly front: Table;
  readonly calling: Table;
  readonly called: Table;
}

function readFiles(dir: string): Files {
  const podFiles = readdirSync(dir).filter((name) => name.endsWith(METRIC_FILE));
  const originMs = timeOf(csvRows(join(dir, podFiles[0]))[1][0]);
  const table = (name: string): Table => new Table(join(dir, name), originMs);
  return {
    pods: new Map(podFiles.map((name) => [name.slice(0, -METRIC_FILE.length), table(name)])),
    front: table('front_service.csv'),
    calling: table('source_50.csv'),
    called: table('destination_50.csv'),
  };
}

/**
 * Calls are between services, and a pod is named after its service. Labels keep the names of the files, ids may be others.
 */
function readTopology(file: string, pods: readonly string[], rename: Rename): Topology {
  const [, ...rows] = csvRows(file);
  const services = [...new Set(rows.flatMap(([source, target]) => [source, target]))];
  const ownedBy = (service: string, pod: string): boolean => pod === service || pod.startsWith(`${service}-`);
  const serviceOf = (pod: string): string => services.find((service) => ownedBy(service, pod)) ?? pod;
  const podsOf = (service: string): string[] => pods.filter((pod) => serviceOf(pod) === service).map(rename);
  return buildTopology(
    pods.map((pod) => {
      const labels = { pod, service: serviceOf(pod) };
      return { id: rename(pod), name: rename(pod), resource_type: 'service', labels };
    }),
    rows.flatMap(([from, to]) => podsOf(from).flatMap((source) => podsOf(to).map((target) => ({ source, target })))),
  );
}

function batchOf(files: Files, topology: Topology, minute: number): MetricsBatch {
  const { resources, edgeSource, edgeTarget } = topology;
  const tables = [...files.pods.values(), files.front, files.calling, files.called];
  const times = tables.map(({ rows }) => rows.get(minute)?.atMs ?? Number.NEGATIVE_INFINITY);
  // The front's success is that of the service which nobody else calls.
  const called = new Set(edgeTarget);
  const failed = 1 - files.front.value(minute, 'SuccessRate(%)') / 100;
  const serviceAt = (i: number): string => resources[i].labels['service'];
  const edges = Array.from(edgeSource, (source, e) => `${serviceAt(source)}_${serviceAt(edgeTarget[e])}`);
  const valuesOf = (spec: MetricSpec): Float64Array => {
    if (spec.scope === 'edge') {
      const seen = (edge: string): number => files.calling.value(minute, edge);
      const onTheWay = (edge: string): number => seen(edge) - files.called.value(minute, edge);
      return Float64Array.from(edges, spec.name === 'latency_p50' ? seen : onTheWay);
    }
    if (spec.name === 'error_rate')
      return Float64Array.from(resources, (_, i) => (called.has(i) ? Number.NaN : failed));
    const column = POD_COLUMNS[spec.name as keyof typeof POD_COLUMNS];
    const podValue = (pod: string): number => files.pods.get(pod)?.value(minute, column.name) ?? Number.NaN;
    return Float64Array.from(resources, ({ labels }) => podValue(labels['pod']) / column.per);
  };
  return {
    // A minute is known when its last file is.
    atMs: Math.max(...times),
    topologyVersion: topology.version,
    columns: METRICS.map((spec): MetricColumn => {
      const report = { outcome: 'ok', seriesMatched: 0, seriesUnmatched: 0, warnings: [] } as const;
      return { spec, values: valuesOf(spec), report };
    }),
  };
}

/** One day: its folder holds the fault list and `metric/`. `rename` proves that names play no part. */
export function readNezhaDay(dir: string, rename: Rename = (pod) => pod): NezhaDay {
  const metricDir = join(dir, 'metric');
  const files = readFiles(metricDir);
  const topology = readTopology(join(metricDir, 'dependency.csv'), [...files.pods.keys()], rename);
  const minutes = [...new Set([...files.pods.values()].flatMap(({ rows }) => [...rows.keys()]))].sort((a, b) => a - b);
  return {
    topology,
    batches: minutes.map((minute) => batchOf(files, topology, minute)),
    faults: readFaults(dir, rename),
  };
}
