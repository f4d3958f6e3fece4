import { WELL_KNOWN_METRICS, type MetricSpec } from '@topdeck/protocol';
import type { Graph } from '../graph.ts';
import { effectSize, measureOf, samplingOf, toDomain } from '../measures.ts';
import type { EvidenceWindow, Signal } from './evidence-window.ts';
import { metricRoles, type MetricRoles } from './metric-roles.ts';
import { ROOT_CAUSE } from './tuning.ts';

export const KINDS = ['latency', 'errors'] as const;
/** What a caller suffers from. */
export type Kind = (typeof KINDS)[number];

/** Trouble of one kind at one service or edge. */
export interface Excess {
  /** Seconds waited, or requests lost, per second beyond what is expected; 0 for none, NaN where nobody knows. */
  readonly amount: number;
  /** How far the deviation is believed, 0–1. */
  readonly belief: number;
}
const UNKNOWN: Excess = { amount: Number.NaN, belief: 0 };

/** z² / (z² + halfTrustZ²): 0 for what is as expected, one half at halfTrustZ, 1 in the limit. */
export const beliefOf = (z: number): number => (z > 0 ? z ** 2 / (z ** 2 + ROOT_CAUSE.halfTrustZ ** 2) : 0);

const isSameKind = (kind: Kind, name: string): boolean =>
  kind === 'latency' ? name.startsWith('latency') : name === WELL_KNOWN_METRICS.errorRate;

export interface SignalsInput {
  readonly graph: Graph;
  readonly window: EvidenceWindow;
  /** Begin of the trouble: values before it are no evidence of it. */
  readonly sinceMs: number;
  /** Span that the source counts requests over. */
  readonly ratioWindowMs: number;
}

/** Looks up what the window holds, each series once. */
export class Signals {
  readonly graph: Graph;
  readonly roles: MetricRoles;
  readonly #input: SignalsInput;
  readonly #seen = new Map<number, Signal>();

  constructor(input: SignalsInput) {
    this.#input = input;
    this.graph = input.graph;
    this.roles = metricRoles(input.window.specs);
  }

  at(position: number, index: number): Signal {
    const key = position * 2 ** 32 + index;
    let signal = this.#seen.get(key);
    if (signal === undefined) {
      signal = this.#input.window.signal(position, index, this.#input.sinceMs);
      this.#seen.set(key, signal);
    }
    return signal;
  }

  /** Seconds of requests behind the value of one tick. */
  get tickS(): number {
    return this.#input.ratioWindowMs / 1000;
  }

  spec(position: number): MetricSpec {
    return this.#input.window.specs[position];
  }

  /** What the metrics with these names tell trouble of. */
  kindsOf(names: readonly string[]): Kind[] {
    return KINDS.filter((kind) => {
      const position = this.roles.service[kind];
      return position >= 0 && names.some((name) => this.spec(position).name === name || isSameKind(kind, name));
    });
  }

  /** Whether any latency, error rate or request rate of the service is known. */
  isKnown(service: number): boolean {
    const { latency, errors, requests } = this.roles.service;
    return [latency, errors, requests].some((position) => !Number.isNaN(this.at(position, service).value));
  }

  /** Whether the series is higher than expected, by more than its noise and by enough to matter. */
  isOff(position: number, index: number): boolean {
    return this.at(position, index).z >= ROOT_CAUSE.halfTrustZ && this.matters(position, index);
  }

  requests(scope: 'service' | 'edge', index: number): number {
    return this.at(this.roles[scope].requests, index).value;
  }

  ofService(kind: Kind, service: number): Excess {
    return this.#excess('service', kind, { index: service, requests: this.requests('service', service) });
  }

  /** As the caller sees it; unknown where edges are not measured. */
  ofEdge(kind: Kind, edge: number): Excess {
    const own = this.requests('edge', edge);
    const requests = Number.isNaN(own) ? this.requests('service', this.graph.topology.edgeTarget[edge]) : own;
    return this.#excess('edge', kind, { index: edge, requests });
  }

  /** Whether the deviation is large enough to matter to anyone. */
  matters(position: number, index: number): boolean {
    const { value, expected } = this.at(position, index);
    const measure = measureOf(this.spec(position));
    const residual = toDomain(measure, value) - toDomain(measure, expected);
    return effectSize(measure, expected, { value, residual }) >= 1;
  }

  /** Standard deviations with the sampling noise of so many requests. */
  z(position: number, index: number, requests: number): number {
    const { value, expected, z, count } = this.at(position, index);
    const spec = this.spec(position);
    const measure = measureOf(spec);
    const distance = toDomain(measure, value) - toDomain(measure, expected);
    const spread = distance === 0 ? Infinity : distance / z;
    const sampling = samplingOf(spec);
    const asked = Number.isFinite(requests) ? (count * requests * this.#input.ratioWindowMs) / 1000 : Infinity;
    return distance / Math.max(spread * sampling.widen(asked), sampling.floor(asked));
  }

  #excess(scope: 'service' | 'edge', kind: Kind, of: { index: number; requests: number }): Excess {
    const position = this.roles[scope][kind];
    if (position < 0) return UNKNOWN;
    const { value, expected } = this.at(position, of.index);
    const amount = Math.max(0, value - expected) * (of.requests > 0 ? of.requests : 1);
    if (Number.isNaN(amount)) return UNKNOWN;
    return { amount, belief: beliefOf(this.z(position, of.index, of.requests)) };
  }
}
