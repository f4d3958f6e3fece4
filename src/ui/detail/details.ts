import type { Field, QueryResultMetaNotice } from '@grafana/data';
import type { Severity } from '@topdeck/protocol';
import type { Health } from '../status.ts';

/** A number as it is now. */
export interface MetricNow {
  readonly name: string;
  /** How it is shown. */
  readonly field: Field;
  /** Null where it is not known. */
  readonly value: number | null;
}

export interface ServiceDetails {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly status: Health;
  readonly score: MetricNow | undefined;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly metrics: readonly MetricNow[];
  /** Epoch milliseconds of what is known of it. */
  readonly updatedMs: number | undefined;
}

export interface AnomalyDetails {
  readonly id: string;
  /** Of the service, or of the caller where `targetId` tells an edge. */
  readonly resourceId: string;
  readonly targetId: string | undefined;
  readonly resourceName: string;
  readonly metric: string;
  readonly severity: Severity;
  readonly message: string;
  readonly causes: string | undefined;
  /** Epoch milliseconds. */
  readonly sinceMs: number | undefined;
}

/** The service at the other end of an edge. */
export interface Neighbour {
  readonly id: string;
  readonly name: string;
  /** Undefined where it is not among those that were asked for. */
  readonly status: Health | undefined;
  /** The traffic of the edge is not as it should be, or what it leads to fails. */
  readonly isTroubled: boolean;
  readonly rate: MetricNow | undefined;
  /** What is wrong with it, in words. */
  readonly trouble: string | undefined;
}

export interface EdgeDetails {
  readonly status: Health;
  readonly isAbnormal: boolean | undefined;
  readonly trend: string | undefined;
  readonly metrics: readonly MetricNow[];
  readonly updatedMs: number | undefined;
}

export interface Details {
  /** The service, or both ends of the edge; without those that are in the topology no more. */
  readonly services: readonly ServiceDetails[];
  /** Undefined for a service, and for an edge that is in the topology no more. */
  readonly edge: EdgeDetails | undefined;
  /** Worst first. */
  readonly anomalies: readonly AnomalyDetails[];
  /** What it depends on, worst first. Empty for an edge. */
  readonly downstream: readonly Neighbour[];
  /** What depends on it. */
  readonly upstream: readonly Neighbour[];
  readonly notices: readonly QueryResultMetaNotice[];
}
