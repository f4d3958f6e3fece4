import type { Frame, FrameParts } from '@topdeck/grafana-plugin-sdk';
import type { EventMessage } from '@topdeck/protocol';
import type { Received } from './bridge/bridge.ts';
import type { Channel } from './channel.ts';
import { formatOf, heldFor } from './frames/asked-frames.ts';
import type { Extras, FrameInput, QueryTypeEntry } from './frames/query-type.ts';
import { QUERY_TYPE_ENTRIES } from './frames/query-types.ts';
import type { Instance } from './instance.ts';

export interface Outgoing {
  readonly frame: Frame;
  readonly parts: FrameParts;
}

const schemaOf = ({ name, fields }: Frame): string =>
  JSON.stringify([name, fields.map((field) => [field.name, field.type, field.labels])]);

/** The frames of one channel, in the order in which its subscribers get them. */
export class StreamFrames {
  readonly #channel: Channel;
  readonly #entry: QueryTypeEntry;
  readonly #instance: Instance;
  /** Of the last frame sent: the browser goes on with it while frames come without one. */
  #schema: string | undefined;
  /** Time of the state whose row was added last: a state that comes again adds nothing to a series. */
  #addedOf: string | undefined;

  constructor(channel: Channel, instance: Instance) {
    this.#channel = channel;
    this.#entry = QUERY_TYPE_ENTRIES[channel.query.queryType];
    this.#instance = instance;
  }

  /** What a new subscriber sees first, complete: Live keeps nothing for those who come later. */
  async first(signal: AbortSignal): Promise<Frame | undefined> {
    const input = await this.#input(signal);
    if (input === undefined) return undefined;
    return this.#entry.live?.action === 'append' ? this.#entry.appended?.(input, undefined) : this.#partOf(input);
  }

  /** What goes out now, with the events that came since the last call. */
  async next(events: readonly EventMessage[], signal: AbortSignal): Promise<readonly Outgoing[]> {
    const input = await this.#input(signal);
    if (input === undefined) return [];
    if (this.#entry.live?.action !== 'append') {
      const frame = this.#partOf(input);
      return frame === undefined ? [] : [this.#outgoing(frame)];
    }
    const isNew = this.#addedOf !== input.received.snapshot.timestamp;
    this.#addedOf = input.received.snapshot.timestamp;
    const happenings: (EventMessage | undefined)[] = isNew ? [undefined, ...events] : [...events];
    return happenings.flatMap((event) => {
      const frame = this.#entry.appended?.(input, event);
      return frame === undefined ? [] : [this.#outgoing(frame)];
    });
  }

  #outgoing(frame: Frame): Outgoing {
    const schema = schemaOf(frame);
    const parts = schema === this.#schema ? 'data' : 'schema and data';
    this.#schema = schema;
    return { frame, parts };
  }

  #partOf(input: FrameInput): Frame | undefined {
    const index = this.#entry.live?.parts.indexOf(this.#channel.part) ?? -1;
    return this.#entry.frames(input)[index];
  }

  async #input(signal: AbortSignal): Promise<FrameInput | undefined> {
    const { bridge, clock } = this.#instance;
    const { query } = this.#channel;
    const state = bridge.state();
    const received = heldFor(this.#entry, state);
    if (received === undefined) return undefined;
    const extras = await this.#extras(received, signal);
    const format = formatOf(query);
    // A channel keeps its columns, also while there is nothing to tell.
    return { query, state, received, nowMs: clock.nowMs(), format, extras, keepFields: true };
  }

  /** A series goes on by itself; only a picture of the present may need more than the state. */
  async #extras({ snapshot }: Received, signal: AbortSignal): Promise<Extras> {
    const { read, live } = this.#entry;
    if (read === undefined || live?.action === 'append') return {};
    const { bridge, clock } = this.#instance;
    const nowMs = clock.nowMs();
    const { query } = this.#channel;
    const range = { fromMs: nowMs, toMs: nowMs };
    return read({ query, snapshot, range, maxDataPoints: 1, intervalMs: 1000, reads: bridge.reads, signal });
  }
}
