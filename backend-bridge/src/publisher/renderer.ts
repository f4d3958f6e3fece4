import { diff, ORIGINAL_EVENT_TYPES, type Freshness, type Snapshot, type StreamEvent } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { Diagnosis } from '../engine/diagnosis.ts';
import { BridgeError } from '../errors.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';
import { viewKey, type Rendered, type RenderedEvents, type RenderRequest, type ViewSpec } from './feed.ts';
import { materialise } from './materialise.ts';
import { eventMessage, Message, MessageBody, messageHead } from './message.ts';
import { ORIGINAL_MAX_AGE_MS, RenderCache } from './render-cache.ts';
import type { LoggedState, StateLog } from './state-log.ts';
import { cut, isAbout, ViewCache } from './view.ts';

export interface RendererOptions {
  readonly epoch: string;
  readonly log: StateLog;
  readonly clock: Clock;
  readonly metrics: PipelineMetrics;
}

/** The newest state with its exact values; what is written for clients is made of it only when one asks. */
export interface ExactState {
  readonly diagnosis: Diagnosis;
  readonly freshness: Freshness;
}

const ORIGINAL_TYPES: ReadonlySet<string> = new Set(ORIGINAL_EVENT_TYPES);

type EventWire = RenderedEvents['messages'][number];

/** Turns the newest state into messages, each made once for all who ask for the same until there is a newer one. */
export class Renderer {
  readonly #options: RendererOptions;
  readonly #views = new ViewCache();
  readonly #messages: RenderCache<Message>;
  readonly #exactBodies: RenderCache<MessageBody>;
  readonly #events = new WeakMap<StreamEvent, EventWire>();
  #exact: ExactState | undefined;

  constructor(options: RendererOptions) {
    this.#options = options;
    this.#messages = new RenderCache(options.clock);
    this.#exactBodies = new RenderCache(options.clock);
  }

  /** Goes over to the state that the log has taken as its newest. */
  advance(exact: ExactState): void {
    this.#exact = exact;
    this.#messages.clear();
    this.#exactBodies.clear();
  }

  /** Throws NOT_READY before the first state. */
  render(request: RenderRequest): Rendered {
    const newest = this.#newest();
    const { view, deflate } = request;
    if (request.form === 'original') return this.#original(view, newest.seq).rendered(deflate);
    const base = request.form === 'delta' ? this.#options.log.state(request.fromSeq) : undefined;
    const message = base === undefined ? this.#full(view, newest) : this.#delta(view, newest, base);
    return message.rendered(deflate);
  }

  renderEvents(view: ViewSpec, fromSeq: number): RenderedEvents {
    const { log } = this.#options;
    const { events, isComplete } = log.eventsAfter(fromSeq);
    const members = log.newest && this.#views.members(log.newest.state.topology, view);
    const messages = events
      .filter(({ event }) => members === undefined || isAbout(members, event.data))
      .map(({ seq, event }) => this.#eventWire(seq, event));
    return { messages, complete: isComplete };
  }

  /** The JSON of the whole newest snapshot, exact values, without an envelope. Throws NOT_READY before the first. */
  exactSnapshot(): Uint8Array {
    return this.#exactBody({ kind: 'all' }).data;
  }

  #newest(): LoggedState {
    const newest = this.#options.log.newest;
    if (newest === undefined) throw new BridgeError('NOT_READY');
    return newest;
  }

  #original(view: ViewSpec, seq: number): Message {
    const make = (): Message => {
      const head = messageHead('snapshot_update', this.#options.clock.nowMs());
      return this.#timed('original', () => new Message({ form: 'original', seq }, head, this.#exactBody(view)));
    };
    return this.#messages.get(`original ${viewKey(view)}`, make, ORIGINAL_MAX_AGE_MS);
  }

  #full(view: ViewSpec, { seq, state }: LoggedState): Message {
    const { clock, epoch } = this.#options;
    return this.#messages.get(`full ${viewKey(view)}`, () =>
      this.#timed('full', () => {
        const head = messageHead('snapshot_update', clock.nowMs(), { epoch, seq });
        return new Message({ form: 'full', seq }, head, new MessageBody(this.#cut(view, state)));
      }),
    );
  }

  #delta(view: ViewSpec, { seq, state }: LoggedState, base: LoggedState): Message {
    const { clock, epoch } = this.#options;
    return this.#messages.get(`delta ${base.seq} ${viewKey(view)}`, () =>
      this.#timed('delta', () => {
        const head = messageHead('snapshot_delta', clock.nowMs(), { epoch, seq, baseSeq: base.seq });
        const changes = diff(this.#cut(view, base.state), this.#cut(view, state));
        return new Message({ form: 'delta', seq }, head, new MessageBody(changes));
      }),
    );
  }

  #cut(view: ViewSpec, state: LoggedState['state']): Snapshot {
    const members = this.#views.members(state.topology, view);
    return members === undefined ? state.snapshot : cut(state, members);
  }

  #exactBody(view: ViewSpec): MessageBody {
    return this.#exactBodies.get(viewKey(view), () => {
      if (this.#exact === undefined) throw new BridgeError('NOT_READY');
      const { diagnosis, freshness } = this.#exact;
      return new MessageBody(materialise(diagnosis, freshness, this.#views.members(diagnosis.topology, view)));
    });
  }

  #eventWire(seq: number, event: StreamEvent): EventWire {
    const { epoch } = this.#options;
    let wire = this.#events.get(event);
    if (wire === undefined) {
      const isOriginal = ORIGINAL_TYPES.has(event.type);
      const original = isOriginal ? eventMessage(event) : undefined;
      const isIncident = 'incident_id' in event.data && ({ isIncident: true } as const);
      wire = { seq, original, extended: eventMessage(event, { epoch, seq }), ...isIncident };
      this.#events.set(event, wire);
    }
    return wire;
  }

  #timed<T>(form: Rendered['form'], make: () => T): T {
    const { clock, metrics } = this.#options;
    const startMs = clock.monotonicMs();
    const made = make();
    metrics.renderSeconds.observe({ form }, (clock.monotonicMs() - startMs) / 1000);
    return made;
  }
}
