import type { Clock } from '../clock.ts';
import { toBridgeError } from '../errors.ts';
import type { Feed, FeedStatus, TickNotice } from '../publisher/feed.ts';
import type { Log } from '../telemetry/log.ts';
import type { StreamPosition } from './stream-position.ts';

/** A feed that slept may hold a state of long ago; one older than this many collections is not worth sending. */
const MAX_STATE_AGE_COLLECTIONS = 2;

export interface FeedAttachmentDependencies {
  readonly feed: Feed;
  readonly position: StreamPosition;
  readonly clock: Clock;
  readonly log: Log;
  readonly collectIntervalMs: number;
  readonly onTick: (notice: TickNotice) => void;
}

/** Listens to the feed while there are connections, for it works only while someone listens. */
export class FeedAttachment {
  readonly #deps: FeedAttachmentDependencies;
  #state: { readonly ready: Promise<void>; readonly stopListening: () => void } | undefined;

  constructor(deps: FeedAttachmentDependencies) {
    this.#deps = deps;
  }

  /** Attaches if need be; resolves when it is known where the feed stands, or that it cannot be known now. */
  ready(): Promise<void> {
    this.#state ??= this.#attach();
    return this.#state.ready;
  }

  detach(): void {
    this.#state?.stopListening();
    this.#state = undefined;
    this.#deps.position.hasState = false;
  }

  #attach(): { readonly ready: Promise<void>; readonly stopListening: () => void } {
    const { feed, log, onTick } = this.#deps;
    let isTold = false;
    const stopListening = feed.listen((notice) => {
      isTold = true;
      onTick(notice);
    });
    const ready = feed.status().then(
      (status) => {
        if (!isTold) this.#adopt(status);
      },
      (error: unknown) => {
        // The first tick tells as well, only later.
        log.warn({ event: 'connections.feed_status_failed', err: toBridgeError(error) });
      },
    );
    return { ready, stopListening };
  }

  #adopt(status: FeedStatus): void {
    const { position, clock, collectIntervalMs } = this.#deps;
    position.adopt(status);
    const ageMs = status.atMs === undefined ? Infinity : clock.nowMs() - status.atMs;
    position.hasState = ageMs <= MAX_STATE_AGE_COLLECTIONS * collectIntervalMs;
  }
}
