import type { Feed, Rendered, RenderedEvents, RenderRequest } from '../publisher/feed.ts';
import type { Connection, Stream, Streaming } from './connection.ts';
import { encodeFrames, type FramePart } from './frame.ts';
import { InFlight } from './in-flight.ts';
import { NO_SEQ, type StreamPosition } from './stream-position.ts';
import type { View } from './view-registry.ts';

/** What the members of a group are all to be sent. */
export interface Share {
  readonly stream: Stream;
  readonly hearsIncidents: boolean;
  readonly view: View;
  /** `none`: events only. */
  readonly form: RenderRequest['form'] | 'none';
  /** State that a delta applies to, else NO_SEQ. */
  readonly baseSeq: number;
  /** Events after this number, or NO_SEQ for none. */
  readonly eventsAfterSeq: number;
  /** Events after `knownAfterSeq` up to `knownUntilSeq` were sent on this connection before; NO_SEQ: none. */
  readonly knownAfterSeq: number;
  readonly knownUntilSeq: number;
  /** Whether it answers a `get_snapshot`. */
  readonly isAnswer: boolean;
}

/** Rendered once, as frames for those who negotiated compression and for those who did not. */
export interface Rendering {
  readonly state: Rendered | undefined;
  readonly eventCount: number;
  /** Number of the last message; NO_SEQ: there is none. */
  readonly lastSeq: number;
  /** Events up to here are in it. */
  readonly coveredSeq: number;
  /** false: events that these clients lack have left the log. */
  readonly isComplete: boolean;
  frames(deflate: boolean): Buffer;
}

const isStateDue = (state: Streaming, position: StreamPosition): boolean =>
  state.snapshotsOwed > 0 || (state.isStateOwed && position.hasState);

/** Whether there is anything to send to a client now. */
export const lacksSomething = (state: Streaming, position: StreamPosition): boolean =>
  isStateDue(state, position) ||
  state.replayAfterSeq !== NO_SEQ ||
  position.eventsMissingAfter(state.eventSeq) !== undefined;

/** What a client is to be sent now. */
export function shareOf(connection: Connection, state: Streaming, position: StreamPosition): Share {
  const { stream, hearsIncidents, view } = connection;
  const isReplay = state.replayAfterSeq !== NO_SEQ;
  const missingAfterSeq = isReplay ? state.replayAfterSeq : position.eventsMissingAfter(state.eventSeq);
  const isFull = state.stateSeq === NO_SEQ || state.snapshotsOwed > 0;
  const form = !isStateDue(state, position) ? 'none' : stream === 'original' ? 'original' : isFull ? 'full' : 'delta';
  return {
    stream,
    hearsIncidents,
    view,
    form,
    baseSeq: form === 'delta' ? state.stateSeq : NO_SEQ,
    eventsAfterSeq: missingAfterSeq ?? NO_SEQ,
    knownAfterSeq: isReplay ? state.joinSeq : NO_SEQ,
    knownUntilSeq: isReplay ? state.eventSeq : NO_SEQ,
    isAnswer: state.snapshotsOwed > 0,
  };
}

const requestOf = (share: Share, deflate: boolean): RenderRequest | undefined => {
  const { form, view, baseSeq } = share;
  if (form === 'none') return undefined;
  return form === 'delta' ? { form, view: view.spec, fromSeq: baseSeq, deflate } : { form, view: view.spec, deflate };
};

interface Messages {
  readonly state: Rendered | undefined;
  readonly events: readonly { readonly seq: number; readonly payload: Uint8Array }[];
  readonly askedAtSeq: number;
  readonly isComplete: boolean;
}

function toRendering(share: Share, { state, events, askedAtSeq, isComplete }: Messages): Rendering {
  const built: { plain?: Buffer; deflated?: Buffer } = {};
  const parts = (deflate: boolean): FramePart[] => {
    const list = events.map(({ payload }) => ({ payload, deflated: false }));
    if (state === undefined) return list;
    const deflated = deflate ? state.deflated : undefined;
    return [...list, { payload: deflated ?? state.text, deflated: deflated !== undefined }];
  };
  const lastEventSeq = events.at(-1)?.seq ?? NO_SEQ;
  return {
    state,
    eventCount: events.length,
    lastSeq: state?.seq ?? lastEventSeq,
    coveredSeq: state?.seq ?? Math.max(askedAtSeq, lastEventSeq),
    isComplete: isComplete || share.stream === 'original',
    frames: (deflate) => (built[deflate ? 'deflated' : 'plain'] ??= encodeFrames(parts(deflate))),
  };
}

/** Equal for shares that are rendered alike. */
export const keyOf = (share: Share): string =>
  [share.view.id, share.stream, share.hearsIncidents, share.form, share.baseSeq, share.eventsAfterSeq].join() +
  (share.knownAfterSeq === NO_SEQ ? '' : `,${share.knownAfterSeq},${share.knownUntilSeq}`);

/**
 * Asks the feed for what groups of clients share. When ten thousand clients come back at once, it serialises for them a
 * few times and not ten thousand times: what is being rendered already, with no tick since, is waited for.
 */
export class Renderer {
  readonly #feed: Feed;
  readonly #position: StreamPosition;
  readonly #renderings = new InFlight<Rendering>();
  readonly #events = new InFlight<RenderedEvents>();

  constructor(feed: Feed, position: StreamPosition) {
    this.#feed = feed;
    this.#position = position;
  }

  /** Rejects with the feed's faults. */
  render(share: Share, deflate: boolean): Promise<Rendering> {
    const { epoch, seq } = this.#position;
    return this.#renderings.share(`${epoch},${seq},${keyOf(share)},${deflate}`, () => this.#ask(share, deflate));
  }

  /**
   * EVT-2: all events up to a state go before it. The state may be newer than the newest of which a tick told, and then
   * the events asked for together with it may not reach up to it.
   */
  async #ask(share: Share, deflate: boolean): Promise<Rendering> {
    const { view, eventsAfterSeq } = share;
    const askedAtSeq = this.#position.seq;
    const request = requestOf(share, deflate);
    const [state, known] = await Promise.all([
      request === undefined ? undefined : this.#feed.render(request),
      eventsAfterSeq === NO_SEQ ? undefined : this.#askEvents(view, eventsAfterSeq),
    ]);
    const isAhead = state !== undefined && state.seq > askedAtSeq;
    const fromSeq = eventsAfterSeq === NO_SEQ ? askedAtSeq : eventsAfterSeq;
    const found = isAhead ? await this.#feed.renderEvents(view.spec, fromSeq) : known;
    const events = (found?.messages ?? []).flatMap(({ seq, original, extended, isIncident }) => {
      const payload = share.stream === 'original' ? original : extended;
      const isLater = state !== undefined && seq > state.seq;
      const isKnown = seq > share.knownAfterSeq && seq <= share.knownUntilSeq;
      const isUnasked = isIncident === true && !share.hearsIncidents;
      return payload === undefined || isLater || isKnown || isUnasked ? [] : [{ seq, payload }];
    });
    return toRendering(share, { state, events, askedAtSeq, isComplete: found?.complete ?? true });
  }

  #askEvents(view: View, afterSeq: number): Promise<RenderedEvents> {
    const { epoch, seq } = this.#position;
    const key = `${epoch},${seq},${view.id},${afterSeq}`;
    return this.#events.share(key, () => this.#feed.renderEvents(view.spec, afterSeq));
  }
}
