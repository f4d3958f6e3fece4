import type { Frame } from '../frames/frame.ts';
import type { FrameParts } from '../frames/json.ts';
import type { Call } from './call.ts';
import type { PluginContext } from './plugin-context.ts';

export interface StreamRequest {
  readonly context: PluginContext;
  /** The channel's path below `ds/<uid>/` or `plugin/<id>/`. */
  readonly path: string;
  /** What the subscriber sent along: usually a query, possibly nothing. */
  readonly data: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export type StreamVerdict = 'ok' | 'not found' | 'permission denied';

export interface Subscription {
  readonly verdict: StreamVerdict;
  /** A frame (written with schema and data) or a document: what this subscriber sees first. */
  readonly initial?: { readonly frame: Frame } | { readonly json: unknown };
}

export interface Publication {
  readonly verdict: StreamVerdict;
  /** What the channel's subscribers get; nothing is published without it. */
  readonly json?: unknown;
}

/** Each send resolves when the host can take more, and rejects when it has given up. */
export interface StreamSender {
  readonly frame: (frame: Frame, parts?: FrameParts) => Promise<void>;
  readonly json: (value: unknown) => Promise<void>;
}

export interface StreamHandler {
  /** Once a subscriber: the place to check its rights. */
  readonly subscribeStream: (request: StreamRequest, call: Call) => Promise<Subscription>;
  /** Once a channel, however many subscribers, until `call.signal` is aborted. Grafana restarts one that ends. */
  readonly runStream: (request: StreamRequest, send: StreamSender, call: Call) => Promise<void>;
  /** Absent: nobody may publish. */
  readonly publishStream?: (request: StreamRequest, call: Call) => Promise<Publication>;
}
