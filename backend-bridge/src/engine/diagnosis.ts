import type {
  AnomalyAlert,
  DiagnosticsEvent,
  MetricReport,
  MetricSpec,
  OverallHealth,
  Topology,
} from '@topdeck/protocol';
import type { RootCauses } from './root-cause/root-causes.ts';

/** One metric of all services or all edges after diagnosis. Index i is resources[i] or dependencies[i]; NaN is unknown. */
export interface DiagnosedColumn {
  readonly spec: MetricSpec;
  readonly report: MetricReport;
  readonly values: Float64Array;
  /** What the detector expected for this time. */
  readonly expected: Float64Array;
  /** Robust standard deviation of the value around the expected one, in the metric's unit; NaN before warm-up. */
  readonly scale: Float64Array;
}

/**
 * What one tick found, in columns: the publisher turns into objects only what someone will read.
 * Arrays belong to the reader; the engine never touches them again.
 */
export interface Diagnosis {
  readonly atMs: number;
  readonly topology: Topology;
  readonly overall: OverallHealth;
  readonly columns: readonly DiagnosedColumn[];
  readonly services: {
    /** Index into STATUSES. */
    readonly status: Uint8Array;
    /** 0–100; 0 where the status is unknown. */
    readonly score: Float64Array;
    /** Sentences for the open anomalies and crossed floors; only services that have some. Stable between transitions. */
    readonly anomalies: ReadonlyMap<number, readonly string[]>;
  };
  readonly edges: {
    /** 1 where the edge has data at all. */
    readonly known: Uint8Array;
    readonly abnormal: Uint8Array;
    /** 0–1. */
    readonly score: Float64Array;
    /** Index into TRENDS. */
    readonly trend: Uint8Array;
  };
  /** Open anomalies, in the order of the protocol: worst first, then oldest, then id. */
  readonly anomalies: readonly AnomalyAlert[];
  /** Transitions since the tick before, each once. */
  readonly events: readonly DiagnosticsEvent[];
  /** Why a service is in trouble: computed when it is asked for. */
  readonly rootCauses: RootCauses;
  readonly warmingUp: boolean;
}
