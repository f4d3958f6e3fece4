import type { MetricSpec, Topology } from '@topdeck/protocol';
import type { Band } from '../engine/bands.ts';
import type { MetricRange } from '../sources/metrics-source.ts';

interface Answered {
  readonly metric: MetricSpec;
  readonly topology: Topology;
  readonly range: MetricRange;
  /** One for each time; undefined: not asked for. */
  readonly bands: readonly Band[] | undefined;
}

const text = (value: number): string => (Number.isNaN(value) ? 'null' : String(value));

/** `"resource_id":"a"` of a service, with `"target_id":"b"` of an edge. */
function identity({ metric, topology }: Answered, entity: number): string {
  if (metric.scope === 'service') return `"resource_id":${JSON.stringify(topology.resources[entity].id)}`;
  const { source, target } = topology.dependencies[entity];
  return `"resource_id":${JSON.stringify(source)},"target_id":${JSON.stringify(target)}`;
}

const BAND_LINES = ['expected', 'lower', 'upper'] as const;

/** `,"expected":[1],"lower":[0],"upper":[2]` */
const bandLines = (bands: readonly Band[], position: number): string =>
  BAND_LINES.map((line) => `,"${line}":[${bands.map((band) => text(band[line][position])).join()}]`).join('');

/** REST-13, REST-14. A MetricRangeResponse, written without an object for each of its up to 400,000 values. */
export function metricRangeJson(answered: Answered): string {
  const { metric, range, bands } = answered;
  const { times, entities, columns, stepMs } = range;
  const series: string[] = [];
  // Topologies are sorted by id, and by source and then target, and so are the indexes asked for.
  for (const [position, entity] of entities.entries()) {
    if (columns.every((column) => Number.isNaN(column[position]))) continue;
    const values = columns.map((column) => text(column[position]));
    const band = bands === undefined ? '' : bandLines(bands, position);
    series.push(`{${identity(answered, entity)},"values":[${values.join()}]${band}}`);
  }
  const { name, scope, unit } = metric;
  const head = JSON.stringify({ metric: name, scope, unit, step_s: stepMs / 1000, times });
  return `${head.slice(0, -1)},"series":[${series.join()}]}`;
}
