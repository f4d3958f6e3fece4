import { STATUSES, type MetricColumn, type MetricsBatch, type MetricSpec, type Topology } from '@topdeck/protocol';
import type { Diagnosis } from '../../src/engine/diagnosis.ts';
import { createEngine, type Engine, type EngineOptions } from '../../src/engine/engine.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';
import { seededNoise } from '../../../tests/fixtures/seeded-noise.ts';

export const STEP_MS = 5_000;
export const START_MS = Date.UTC(2026, 0, 5, 12);

export const METRICS: readonly MetricSpec[] = [
  { name: 'request_rate', scope: 'service', unit: '1/s', bad_direction: 'down' },
  { name: 'error_rate', scope: 'service', unit: 'ratio', bad_direction: 'up' },
  { name: 'latency_p95', scope: 'service', unit: 's', bad_direction: 'up' },
  { name: 'cpu_usage', scope: 'service', unit: 'cores', bad_direction: 'up' },
  { name: 'queue_balance', scope: 'service', unit: 'items', bad_direction: 'both' },
  { name: 'request_rate', scope: 'edge', unit: '1/s', bad_direction: 'down' },
  { name: 'error_rate', scope: 'edge', unit: 'ratio', bad_direction: 'up' },
  { name: 'latency_p95', scope: 'edge', unit: 's', bad_direction: 'up' },
];

/** Values of a quiet system, before noise. */
const QUIET: Readonly<Record<string, number>> = {
  'service.request_rate': 50,
  'service.error_rate': 0.002,
  'service.latency_p95': 0.05,
  'service.cpu_usage': 0.3,
  'service.queue_balance': 20,
  'edge.request_rate': 40,
  'edge.error_rate': 0.002,
  'edge.latency_p95': 0.04,
};

/** Repeatable standard normal noise. */
export const seededNormal = (seed: number): (() => number) => seededNoise(seed).normal;

/** `a>b` pairs; resources are whatever the pairs and `alone` name. */
export function topologyOf(pairs: readonly string[], alone: readonly string[] = []): Topology {
  const edges = pairs.map((pair) => pair.split('>'));
  const ids = [...new Set([...edges.flat(), ...alone])];
  return buildTopology(
    ids.map((id) => ({ id, name: `the ${id}`, resource_type: 'service' })),
    edges.map(([source, target]) => ({ source, target })),
  );
}

export const edgeIndex = ({ dependencies }: Topology, pair: string): number =>
  dependencies.findIndex(({ source, target }) => `${source}>${target}` === pair);

/** Values by `id.metric` or `source>target.metric`: a number, NaN for unknown. What is absent is quiet. */
export type Readings = Readonly<Record<string, number>>;

export interface RunOptions extends Partial<EngineOptions> {
  /** Relative noise on every value; 0 by default. */
  readonly noise?: number;
  readonly seed?: number;
}

/** An engine with its topology and a clock of its own: each call is one tick of a quiet system, changed by readings. */
export class System {
  readonly engine: Engine;
  readonly metrics: readonly MetricSpec[];
  topology: Topology;
  atMs = START_MS;
  readonly #noise: number;
  readonly #normal: () => number;
  readonly #stepMs: number;

  constructor(topology: Topology, options: RunOptions = {}) {
    const { noise = 0, seed = 1, metrics = METRICS, stepMs = STEP_MS, ...rest } = options;
    this.topology = topology;
    this.metrics = metrics;
    this.#noise = noise;
    this.#normal = seededNormal(seed);
    this.#stepMs = stepMs;
    this.engine = createEngine({ metrics, stepMs, ...rest });
    this.engine.setTopology(topology);
  }

  /** Quiet ticks that are only learnt; 100 of them are enough to be warm. */
  learn(ticks: number, readings: Readings = {}): this {
    for (let k = 0; k < ticks; k += 1) this.engine.learn(this.#next(readings));
    return this;
  }

  tick(readings: Readings = {}): Diagnosis {
    return this.engine.diagnose(this.#next(readings));
  }

  ticks(count: number, readings: Readings | ((k: number) => Readings) = {}): Diagnosis[] {
    return Array.from({ length: count }, (_, k) => this.tick(typeof readings === 'function' ? readings(k) : readings));
  }

  change(topology: Topology): void {
    this.topology = topology;
    this.engine.setTopology(topology);
  }

  batch(readings: Readings): MetricsBatch {
    const columns = this.metrics.map((spec): MetricColumn => {
      const entities =
        spec.scope === 'service'
          ? this.topology.resources.map(({ id }) => id)
          : this.topology.dependencies.map(({ source, target }) => `${source}>${target}`);
      const quiet = QUIET[`${spec.scope}.${spec.name}`] ?? 1;
      const values = Float64Array.from(entities, (entity) => {
        const base = readings[`${entity}.${spec.name}`] ?? quiet;
        return base * (1 + this.#noise * this.#normal());
      });
      return {
        spec,
        values,
        report: { outcome: 'ok', seriesMatched: values.length, seriesUnmatched: 0, warnings: [] },
      };
    });
    return { atMs: this.atMs, topologyVersion: this.topology.version, columns };
  }

  #next(readings: Readings): MetricsBatch {
    this.atMs += this.#stepMs;
    return this.batch(readings);
  }

  status(diagnosis: Diagnosis, id: string): string {
    return STATUSES[diagnosis.services.status[this.#index(id)]];
  }

  score(diagnosis: Diagnosis, id: string): number {
    return diagnosis.services.score[this.#index(id)];
  }

  sentences(diagnosis: Diagnosis, id: string): readonly string[] {
    return diagnosis.services.anomalies.get(this.#index(id)) ?? [];
  }

  /** Every metric of a service unknown. */
  silent(id: string): Readings {
    return Object.fromEntries(this.metrics.map(({ name }) => [`${id}.${name}`, Number.NaN]));
  }

  #index(id: string): number {
    return this.topology.indexOf.get(id) as number;
  }
}

export const eventsOf = <T extends Diagnosis['events'][number]['type']>(
  diagnoses: readonly Diagnosis[],
  type: T,
): Extract<Diagnosis['events'][number], { type: T }>[] =>
  diagnoses.flatMap(({ events }) =>
    events.filter((event): event is Extract<Diagnosis['events'][number], { type: T }> => event.type === type),
  );

/** Position of the first tick at which something is open; -1 when nothing opens. */
export const firstOpen = (diagnoses: readonly Diagnosis[]): number =>
  diagnoses.findIndex(({ anomalies }) => anomalies.length > 0);
