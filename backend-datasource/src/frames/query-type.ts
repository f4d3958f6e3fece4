import type {
  ComparisonResponse,
  EventMessage,
  HealthHistoryResponse,
  HistoryEvent,
  LayoutResponse,
  MetricRangeResponse,
  Snapshot,
} from '@topdeck/protocol';
import type { DiagnosticsQuery, LiveMark, StreamPart } from '@topdeck/protocol/grafana';
import type { Frame } from '@topdeck/grafana-plugin-sdk/frames';
import type { BridgeReads, BridgeState, Received } from '../bridge/bridge.ts';

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What some query types read besides the state. */
export interface Extras {
  readonly layout?: LayoutResponse;
  readonly events?: readonly HistoryEvent[];
  readonly healthHistories?: readonly HealthHistoryResponse[];
  /** Several answers where one request would be too long; of equal times. */
  readonly metricRanges?: readonly MetricRangeResponse[];
  /** One for each service compared. */
  readonly comparisons?: readonly ComparisonResponse[];
  /** Distance of the times of a series that is not read as such. */
  readonly stepMs?: number;
}

export interface FrameInput {
  readonly query: DiagnosticsQuery;
  readonly state: BridgeState;
  /** `state.received`; see `withoutData` for when there is none. */
  readonly received: Received;
  readonly nowMs: number;
  /** `numeric` for alert rules whatever the query says. */
  readonly format: 'table' | 'numeric';
  /** For a stream: a frame without rows keeps its fields, so that a panel keeps its columns. */
  readonly keepFields?: boolean;
  readonly extras: Extras;
}

export interface ReadRequest {
  readonly query: DiagnosticsQuery;
  readonly snapshot: Snapshot;
  readonly range: TimeRange;
  /** Points that a graph can show, and the step it would like. */
  readonly maxDataPoints: number;
  readonly intervalMs: number;
  readonly reads: BridgeReads;
  readonly signal: AbortSignal;
}

/** How a query goes on by Live. Streams have the fields of the query's own frame, so that a panel can go on with them. */
export interface LiveBehaviour {
  readonly action: LiveMark['live']['action'];
  readonly parts: readonly StreamPart[];
}

/** One entry of the table of query types; all of it is pure but `read`. */
export interface QueryTypeEntry {
  /** Told from the state alone, so also when nothing was ever received: `received` is empty then, and not looked at. */
  readonly withoutData?: true;
  /** Absent: the state is enough. */
  readonly read?: (request: ReadRequest) => Promise<Extras>;
  /**
   * One frame for each of `live.parts` (one alone where that is absent), in that order. Nothing to tell is
   * `[{ name, fields: [] }]`: a frame without fields, which alert rules take for no data.
   * A text that is no expression, an unknown metric and the like throw a QueryError with status 400.
   */
  readonly frames: (input: FrameInput) => readonly Frame[];
  /** Absent: queried again at each refresh only. */
  readonly live?: LiveBehaviour;
  /** Queries that do not go on by Live, though the type does. */
  readonly isStill?: (query: DiagnosticsQuery) => boolean;
  /** Of an `append` stream: the rows to add at a new state or for an event, or undefined when there are none. */
  readonly appended?: (input: FrameInput, event: EventMessage | undefined) => Frame | undefined;
}
