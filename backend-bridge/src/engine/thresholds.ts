import {
  DEFAULT_THRESHOLDS,
  WELL_KNOWN_METRICS,
  type MetricSpec,
  type Resource,
  type Thresholds,
} from '@topdeck/protocol';

export interface ThresholdOptions {
  /** Over the protocol's defaults, for all entities. */
  readonly defaults?: Partial<Thresholds>;
  /** For the resources whose whole id matches; for each key the first entry that has it wins. */
  readonly overrides?: readonly { readonly match: string; readonly thresholds: Partial<Thresholds> }[];
}

type Key = keyof Thresholds;
const KEYS = Object.keys(DEFAULT_THRESHOLDS) as Key[];
/** One column per threshold; index i is resources[i]. An edge takes the thresholds of its target. */
export type ThresholdTable = { readonly [K in Key]: Float64Array };

const FLOORS: Readonly<Record<string, Key>> = {
  [WELL_KNOWN_METRICS.errorRate]: 'error_rate',
  [WELL_KNOWN_METRICS.latencyP95]: 'latency_p95_s',
  [WELL_KNOWN_METRICS.cpuUsage]: 'cpu_usage',
};
/** The threshold that is the floor of this metric, if it has one. */
export const floorKeyOf = (spec: MetricSpec): Key | undefined =>
  Object.hasOwn(FLOORS, spec.name) ? FLOORS[spec.name] : undefined;

/** Throws a SyntaxError for a pattern that is no regular expression. */
export function thresholdTable(resources: readonly Resource[], options: ThresholdOptions): ThresholdTable {
  const defaults: Thresholds = { ...DEFAULT_THRESHOLDS, ...options.defaults };
  const table = Object.fromEntries(
    KEYS.map((key) => [key, new Float64Array(resources.length).fill(defaults[key])]),
  ) as unknown as ThresholdTable;
  // From the last to the first, so that the first wins key by key.
  for (const { match, thresholds } of [...(options.overrides ?? [])].reverse()) {
    const pattern = new RegExp(`^(?:${match})$`);
    const keys = KEYS.filter((key) => thresholds[key] !== undefined);
    for (const [i, resource] of resources.entries()) {
      if (pattern.test(resource.id)) for (const key of keys) table[key][i] = thresholds[key] as number;
    }
  }
  return table;
}

/** A column of resource thresholds, spread over edges by their targets. */
export function byTarget(column: Float64Array, edgeTarget: Uint32Array): Float64Array {
  return Float64Array.from(edgeTarget, (target) => column[target]);
}
