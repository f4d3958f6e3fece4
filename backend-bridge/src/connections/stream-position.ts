import type { TickNotice } from '../publisher/feed.ts';

/** Stands for "none" where a number of the stream is meant; those are never negative. */
export const NO_SEQ = -1;

/** What is known of the feed's numbers. */
export class StreamPosition {
  epoch = '';
  /** Number of the newest state known. */
  seq = 0;
  /** Whether there is a state worth sending to a client that joins. */
  hasState = false;
  #newestEventSeq = NO_SEQ;
  #newestEventSeqBefore = NO_SEQ;
  #seqBeforeNewestEvents = NO_SEQ;

  /** Takes over a tick. Returns the number to start after when the epoch is a new one, else undefined. */
  advance(notice: TickNotice): number | undefined {
    const start = Math.max(0, notice.seq - notice.eventCount - 1);
    const isNewEpoch = notice.epoch !== this.epoch;
    if (isNewEpoch) this.adopt({ epoch: notice.epoch, seq: start });
    if (notice.eventCount > 0) {
      this.#newestEventSeqBefore = this.#newestEventSeq;
      this.#newestEventSeq = notice.seq - 1;
      this.#seqBeforeNewestEvents = this.seq;
    }
    this.seq = notice.seq;
    this.hasState = true;
    return isNewEpoch ? start : undefined;
  }

  /** Starts anew from a number. Which of those up to it are events is not known, so all of them may be. */
  adopt({ epoch, seq }: { readonly epoch: string; readonly seq: number }): void {
    this.epoch = epoch;
    this.seq = seq;
    this.#newestEventSeq = seq;
    this.#newestEventSeqBefore = seq;
    this.#seqBeforeNewestEvents = NO_SEQ;
  }

  /**
   * Number after which a client with this cursor lacks events, or undefined when it lacks none. Between two ticks with
   * events all cursors mean the same and give the same number, so that their holders share a rendering.
   */
  eventsMissingAfter(eventSeq: number): number | undefined {
    if (eventSeq >= this.#newestEventSeq) return undefined;
    const lacksNewestOnly = eventSeq >= this.#newestEventSeqBefore && eventSeq <= this.#seqBeforeNewestEvents;
    return lacksNewestOnly ? this.#seqBeforeNewestEvents : eventSeq;
  }
}
