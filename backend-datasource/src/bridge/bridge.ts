import type {
  ComparisonQuery,
  ComparisonResponse,
  EventMessage,
  EventsQuery,
  HealthHistoryQuery,
  HealthHistoryResponse,
  HealthResponse,
  HistoryEvent,
  LayoutResponse,
  MetricRangeQuery,
  MetricRangeResponse,
  RefreshResponse,
  Snapshot,
} from '@topdeck/protocol';

/** Why the bridge could not be reached or refused, in words for a person: what happened, and what to do about it. */
export interface BridgeFault {
  /** The bridge's own code where it answered (UNAUTHENTICATED, NOT_READY …), else one of FAULT_CODES. */
  readonly code: string;
  readonly message: string;
  readonly action: string;
  /** Of the bridge's answer, when there was one. */
  readonly httpStatus?: number;
}

/** `websocket` once the first message has come; `polling` while only reads over REST get through. */
export type Connection =
  | { readonly state: 'websocket'; readonly sinceMs: number }
  | {
      readonly state: 'polling' | 'disconnected';
      readonly sinceMs: number;
      readonly fault: BridgeFault;
      /** Failed attempts at the socket in a row. */
      readonly attempts: number;
      readonly nextAttemptAtMs: number;
    }
  /** Before the first attempt has ended. */
  | { readonly state: 'connecting'; readonly sinceMs: number };

/** The newest state received. */
export interface Received {
  readonly snapshot: Snapshot;
  /** Absent on a state read over REST. */
  readonly position?: { readonly epoch: string; readonly seq: number };
  /** By the bridge's clock, when it sent this; ages of anything in the snapshot count to here. */
  readonly sentAtMs: number;
  /** By our clock, when it came; ages go on counting from here, so that the two clocks need not agree. */
  readonly receivedAtMs: number;
}

/** Immutable; each change makes a new one. */
export interface BridgeState {
  readonly connection: Connection;
  readonly received: Received | undefined;
  /** Times the socket was opened again after it had been open. */
  readonly reconnects: number;
  /** The last fault of either way, kept after recovery for the curious. */
  readonly lastFault: BridgeFault | undefined;
}

/** Told after each change of the state, and with each event of the bridge as it comes. */
export interface BridgeListener {
  readonly onState?: (state: BridgeState) => void;
  readonly onEvent?: (event: EventMessage) => void;
}

/** Reads over REST. Each rejects with a {@link BridgeUnavailable}. */
export interface BridgeReads {
  readonly events: (query: EventsQuery, signal: AbortSignal) => Promise<readonly HistoryEvent[]>;
  readonly healthHistory: (query: HealthHistoryQuery, signal: AbortSignal) => Promise<HealthHistoryResponse>;
  readonly metricRange: (metric: string, query: MetricRangeQuery, signal: AbortSignal) => Promise<MetricRangeResponse>;
  readonly comparison: (resourceId: string, query: ComparisonQuery, signal: AbortSignal) => Promise<ComparisonResponse>;
  /** Kept until the topology's version changes. */
  readonly layout: (topologyVersion: string, signal: AbortSignal) => Promise<LayoutResponse>;
  readonly sourceHealth: (signal: AbortSignal) => Promise<HealthResponse>;
  readonly refresh: (signal: AbortSignal) => Promise<RefreshResponse>;
  /** Any GET below the REST prefix; the answer's status and bytes as they are. */
  readonly raw: (
    pathAndQuery: string,
    signal: AbortSignal,
  ) => Promise<{ status: number; type: string; body: Uint8Array }>;
}

/** One data source's connection to its bridge, however many panels, rules and viewers read from it. */
export interface Bridge {
  readonly reads: BridgeReads;
  state(): BridgeState;
  /** Resolves with the first state that has a snapshot or a fault; at once when there is one. Rejects when aborted. */
  ready(signal: AbortSignal): Promise<BridgeState>;
  listen(listener: BridgeListener): () => void;
  close(): Promise<void>;
}

export class BridgeUnavailable extends Error {
  override readonly name = 'BridgeUnavailable';
  readonly fault: BridgeFault;

  constructor(fault: BridgeFault, options?: ErrorOptions) {
    super(`${fault.message}. ${fault.action}`, options);
    this.fault = fault;
  }
}
