import type {
  ChangeEvent,
  ChangeRequest,
  ChangesQuery,
  ComparisonQuery,
  DiagnosticsEvent,
  EventsQuery,
  HealthHistoryQuery,
  HistoryEvent,
  IncidentsQuery,
  MetricRangeQuery,
  SourceFreshness,
} from '@topdeck/protocol';

/** Which part of the graph a client sees. Equal views have equal keys and share every rendered byte. */
export type ViewSpec =
  | { readonly kind: 'all' }
  | { readonly kind: 'resources'; readonly resourceIds: readonly string[]; readonly depth: number };

/** Canonical name of a view. */
export function viewKey(view: ViewSpec): string {
  return view.kind === 'all' ? 'all' : JSON.stringify([view.depth, [...new Set(view.resourceIds)].sort()]);
}

/** Sent after each tick. Events and the state of a tick have consecutive numbers: events first, the state last. */
export interface TickNotice {
  readonly epoch: string;
  /** Number of the newest state. */
  readonly seq: number;
  readonly atMs: number;
  readonly eventCount: number;
}

/** What to render for the clients of one view that hold the same state. */
export type RenderRequest =
  /** Full snapshot in the original protocol's form, exact values. */
  | { readonly form: 'original'; readonly view: ViewSpec; readonly deflate: boolean }
  /** Full snapshot of the extended stream. */
  | { readonly form: 'full'; readonly view: ViewSpec; readonly deflate: boolean }
  /** Change from the state `fromSeq`; answered with a full snapshot where the log no longer holds that state. */
  | { readonly form: 'delta'; readonly view: ViewSpec; readonly fromSeq: number; readonly deflate: boolean };

/** One message ready for the wire, shared by all who asked for it. */
export interface Rendered {
  readonly form: 'original' | 'full' | 'delta';
  /** Number of the state that a reader of this message holds afterwards. */
  readonly seq: number;
  /** UTF-8 JSON of the whole message. */
  readonly text: Uint8Array;
  /** The same, raw-deflated as permessage-deflate wants it (no trailing 00 00 ff ff), where asked for and worth it. */
  readonly deflated: Uint8Array | undefined;
}

/** Events of a view after a number, as messages ready for the wire. */
export interface RenderedEvents {
  /** Ascending by seq. `extended` carries epoch and seq; `original` is absent for types the original does not know. */
  readonly messages: readonly {
    readonly seq: number;
    readonly original: Uint8Array | undefined;
    readonly extended: Uint8Array;
    /** Only for those who asked for incidents. */
    readonly isIncident?: true;
  }[];
  /** false when events after `fromSeq` have already left the log: the reader must take a full snapshot. */
  readonly complete: boolean;
}

export interface FeedStatus {
  readonly running: boolean;
  readonly epoch: string;
  readonly seq: number;
  /** Evaluation time of the newest state, epoch milliseconds; undefined before the first. */
  readonly atMs: number | undefined;
  readonly topology: SourceFreshness;
  readonly metrics: SourceFreshness;
}

/** Reads over REST; each answers from the newest state, as UTF-8 JSON ready for the wire. */
export type ReadRequest =
  | { readonly read: 'snapshot' }
  | { readonly read: 'service'; readonly resourceId: string }
  | { readonly read: 'anomalies'; readonly severity?: string | undefined; readonly limit: number }
  | { readonly read: 'traffic'; readonly abnormalOnly: boolean }
  | { readonly read: 'failing-dependencies' }
  /** REST-11. */
  | { readonly read: 'layout' }
  | IncidentRead;
/** Those that a state answers by itself. */
export type StateRead = Exclude<ReadRequest, { read: 'layout' } | IncidentRead>;

/** Reads of incidents and what belongs to them, as they are known after the newest state. */
export type IncidentRead =
  | { readonly read: 'incidents'; readonly query: IncidentsQuery }
  | { readonly read: 'incident'; readonly incidentId: string }
  | { readonly read: 'changes'; readonly query: ChangesQuery }
  | { readonly read: 'root-cause'; readonly resourceId: string; readonly lookbackHours: number };

/**
 * Port between the diagnosis (which runs in a worker thread) and everything that serves clients.
 * Faults reject with a BridgeError.
 */
export interface Feed {
  /** Diagnosis runs while at least one listener is attached (and a grace period after the last). */
  listen(onTick: (notice: TickNotice) => void): () => void;
  status(): Promise<FeedStatus>;
  /** Runs the pipeline if it sleeps and waits for a state not older than one collection interval. Undefined: no such service. */
  read(request: ReadRequest): Promise<Uint8Array | undefined>;
  render(request: RenderRequest): Promise<Rendered>;
  renderEvents(view: ViewSpec, fromSeq: number): Promise<RenderedEvents>;
  /** Refreshes the topology, then collects out of schedule, as soon as a tick under way has ended. */
  refresh(): Promise<TickNotice>;
  events(query: EventsQuery): Promise<readonly HistoryEvent[]>;
  /** A HealthHistoryResponse as UTF-8 JSON. Keeps the pipeline awake like `read`, since only then history is made. */
  healthHistory(query: HealthHistoryQuery): Promise<Uint8Array>;
  /** A MetricRangeResponse as UTF-8 JSON; NOT_FOUND when the preset has no such metric. */
  metricRange(metric: string, query: MetricRangeQuery): Promise<Uint8Array>;
  /** A ComparisonResponse as UTF-8 JSON; NOT_FOUND when there is no such service, or the preset has no such metric. */
  comparison(resourceId: string, query: ComparisonQuery): Promise<Uint8Array>;
  /** Keeps a change, as evidence for incidents near it. */
  reportChange(change: ChangeRequest): Promise<ChangeEvent>;
  /** Self-metrics of the thread that diagnoses, in the Prometheus text format. */
  metricsText(): Promise<string>;
  close(): Promise<void>;
}

export type { DiagnosticsEvent };
