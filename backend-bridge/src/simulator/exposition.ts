import type { LiveSystem } from './live-system.ts';
import { DURATION_BOUNDS_S, type FlowTotals } from './traffic-counters.ts';

export const EXPOSITION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** Who sends the requests that enter from outside. */
export const OUTSIDE = 'external';

/** Suffixes as a Deployment gives them: its ReplicaSet's hash and the pod's own. */
export const podName = (resourceId: string): string => `${resourceId}-7d9f8b6c5d-x2x4z`;

/** How one convention of instrumenting calls names things. */
interface TrafficNaming {
  readonly source: string;
  readonly target: string;
  readonly counters: readonly {
    readonly name: string;
    readonly help: string;
    readonly labels: string;
    readonly of: (totals: FlowTotals, flow: number) => number;
  }[];
  readonly histogram: { readonly name: string; readonly help: string };
}

const total = ({ succeeded, failed }: FlowTotals, flow: number): number => succeeded[flow] + failed[flow];
const succeeded = (totals: FlowTotals, flow: number): number => totals.succeeded[flow];
const failed = (totals: FlowTotals, flow: number): number => totals.failed[flow];

const HTTP: TrafficNaming = {
  source: 'source',
  target: 'target',
  counters: [
    { name: 'http_requests_total', help: 'Requests by status', labels: ',status="200"', of: succeeded },
    { name: 'http_requests_total', help: 'Requests by status', labels: ',status="500"', of: failed },
  ],
  histogram: { name: 'http_request_duration_seconds', help: 'Duration of requests' },
};

const SERVICE_GRAPH: TrafficNaming = {
  source: 'client',
  target: 'server',
  counters: [
    { name: 'traces_service_graph_request_total', help: 'Requests', labels: '', of: total },
    { name: 'traces_service_graph_request_failed_total', help: 'Failed requests', labels: '', of: failed },
  ],
  histogram: { name: 'traces_service_graph_request_server_seconds', help: 'Duration of requests on the server' },
};

export interface ExpositionOptions {
  readonly nowMs: number;
  /** Also the metrics of an OpenTelemetry service graph: the same traffic once more. */
  readonly serviceGraph: boolean;
}

/** The `/metrics` page in the Prometheus text format, version 0.0.4. Brings the system up to `nowMs`. */
export function exposeMetrics(system: LiveSystem, { nowMs, serviceGraph }: ExpositionOptions): string {
  system.advance(nowMs);
  const lines: string[] = [];
  for (const naming of serviceGraph ? [HTTP, SERVICE_GRAPH] : [HTTP]) writeTraffic(lines, system, naming);
  writeContainers(lines, system);
  writeHead(lines, ['simulator_fault_strength', 'gauge', 'Strength of each fault at work, 0-1']);
  for (const { fault, strength } of system.faults(nowMs)) {
    const labels = `id="${escape(fault.id)}",kind="${fault.kind}",target="${escape(fault.target)}"`;
    lines.push(`simulator_fault_strength{${labels}} ${strength}`);
  }
  lines.push('');
  return lines.join('\n');
}

/** Thousandths are enough, and rounding keeps what grows from shrinking. */
const number = (value: number): string => String(Math.round(value * 1000) / 1000);
const escape = (label: string): string => label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function writeHead(lines: string[], [name, type, help]: readonly [string, string, string]): void {
  lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
}

interface Flow {
  readonly labels: string;
  readonly totals: FlowTotals;
  readonly index: number;
}

function flowsOf({ topology, counters, model }: LiveSystem, naming: TrafficNaming): Flow[] {
  const label = (source: string, target: string): string =>
    `${naming.source}="${escape(source)}",${naming.target}="${escape(target)}"`;
  const entries = topology.resources.flatMap(({ id }, index) =>
    model.graph.isEntry[index] === 1 ? [{ labels: label(OUTSIDE, id), totals: counters.entries, index }] : [],
  );
  const edges = topology.dependencies.map(({ source, target }, index) => ({
    labels: label(source, target),
    totals: counters.edges,
    index,
  }));
  return [...entries, ...edges];
}

function writeTraffic(lines: string[], system: LiveSystem, naming: TrafficNaming): void {
  const flows = flowsOf(system, naming);
  let family: string | undefined;
  for (const { name, help, labels, of } of naming.counters) {
    if (name !== family) writeHead(lines, [name, 'counter', help]);
    family = name;
    for (const flow of flows) lines.push(`${name}{${flow.labels}${labels}} ${number(of(flow.totals, flow.index))}`);
  }
  const { name, help } = naming.histogram;
  writeHead(lines, [name, 'histogram', help]);
  for (const { labels, totals, index } of flows) {
    let within = 0;
    DURATION_BOUNDS_S.forEach((bound, k) => {
      within += totals.buckets[index * DURATION_BOUNDS_S.length + k];
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${number(within)}`);
    });
    const count = number(total(totals, index));
    lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`);
    lines.push(`${name}_sum{${labels}} ${number(totals.durationS[index])}`, `${name}_count{${labels}} ${count}`);
  }
}

/** A container that is gone has no series, as cAdvisor would have it. */
function writeContainers(lines: string[], { topology, counters }: LiveSystem): void {
  const { memoryBytes } = counters.newest;
  const write = (name: string, valueOf: (resource: number) => number): void => {
    topology.resources.forEach(({ id, labels }, i) => {
      if (Number.isNaN(memoryBytes[i])) return;
      const namespace = escape(labels['namespace'] ?? 'default');
      const of = `namespace="${namespace}",pod="${escape(podName(id))}",container="${escape(id)}"`;
      lines.push(`${name}{${of}} ${number(valueOf(i))}`);
    });
  };
  writeHead(lines, ['container_cpu_usage_seconds_total', 'counter', 'CPU time used']);
  write('container_cpu_usage_seconds_total', (i) => counters.cpuSeconds[i]);
  writeHead(lines, ['container_memory_usage_bytes', 'gauge', 'Memory in use']);
  write('container_memory_usage_bytes', (i) => Math.round(memoryBytes[i]));
}
