import type { DataFrame, DataQueryError } from '@grafana/data';
import {
  catchError,
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  map,
  merge,
  of,
  repeat,
  startWith,
  switchMap,
  takeWhile,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { StreamFault } from './channel.ts';
import { liveMarkOf } from './live-mark.ts';
import { withNotice } from './notice.ts';

/** What one query gave. */
export interface Answer {
  readonly frames: readonly DataFrame[];
  readonly errors: readonly DataQueryError[];
}

export interface LineState extends Answer {
  /** false: this is the last state. */
  readonly goesOn: boolean;
}

/** How one target of a request is kept up to date. */
export interface LineOptions {
  readonly first: Answer;
  /** Asks the target's query again, with the time range of now. */
  readonly ask: () => Observable<Answer>;
  readonly isConnected: Observable<boolean>;
  /** Goes on with a frame that has a live mark; errors with a StreamFault, also when it says nothing for `patienceMs`. */
  readonly follow: (frame: DataFrame, patienceMs: number) => Observable<DataFrame>;
  readonly patienceMs: number;
  /** Between two queries while the stream is cut. */
  readonly pollMs: number;
}

/** Where the query is asked again at once, but not in a tight loop. */
const SHORT_PAUSE_MS = 1_000;
/** A query that cannot be answered will not be answered later either. */
const UNANSWERABLE = 400;

const isFinal = ({ status }: DataQueryError): boolean => status === UNANSWERABLE;

const goesOn = ({ frames, errors }: Answer): boolean =>
  frames.some((frame) => liveMarkOf(frame) !== undefined) || (errors.length > 0 && !errors.some(isFinal));

class Line {
  readonly #options: LineOptions;
  #latest: Answer;
  #interruption: string | undefined;
  #pauseMs: number;
  #opening: Answer | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#latest = options.first;
    this.#opening = options.first;
    this.#pauseMs = options.pollMs;
  }

  states(): Observable<LineState> {
    const { first, isConnected } = this.#options;
    return isConnected.pipe(
      switchMap((isUp) => this.#rounds(isUp)),
      startWith({ ...first, goesOn: goesOn(first) }),
      distinctUntilChanged((a, b) => a.frames === b.frames && a.errors === b.errors && a.goesOn === b.goesOn),
      takeWhile((state) => state.goesOn, true),
    );
  }

  /** Each round asks, and follows the streams as long as they hold; polling is rounds in which they do not. */
  #rounds(isUp: boolean): Observable<LineState> {
    if (!isUp) {
      this.#opening = undefined;
      this.#interruption = 'Grafana Live is not connected';
    }
    const round = defer(() => {
      this.#pauseMs = this.#options.pollMs;
      return this.#answer().pipe(
        switchMap((answer) => concat(of(this.#shown(answer)), isUp ? this.#follow(answer) : EMPTY)),
      );
    });
    return round.pipe(
      catchError((fault: unknown) => this.#interrupted(fault)),
      repeat({ delay: () => timer(this.#pauseMs) }),
    );
  }

  /** The answer at hand before the first round; asked anew for the others. */
  #answer(): Observable<Answer> {
    const opening = this.#opening;
    this.#opening = undefined;
    return opening === undefined ? this.#options.ask() : of(opening);
  }

  /** An answer without frames, because the query failed, leaves the old frames where they are. */
  #shown(answer: Answer): LineState {
    const isFailure = answer.errors.length > 0 && answer.frames.length === 0;
    this.#latest = isFailure ? { frames: this.#latest.frames, errors: answer.errors } : answer;
    return { ...this.#noticed(), goesOn: goesOn(answer) };
  }

  #follow(answer: Answer): Observable<LineState> {
    const { follow, patienceMs, pollMs } = this.#options;
    // A stream that has failed is waited for no longer than until the next query is due.
    const patience = this.#interruption === undefined ? patienceMs : pollMs;
    const streams = answer.frames.flatMap((frame, index) =>
      liveMarkOf(frame) === undefined
        ? []
        : [follow(frame, patience).pipe(map((next): readonly [number, DataFrame] => [index, next]))],
    );
    return merge(...streams).pipe(
      tap(() => (this.#interruption = undefined)),
      map(([index, next]) => {
        this.#latest = { frames: this.#latest.frames.with(index, next), errors: [] };
        return { ...this.#latest, goesOn: true };
      }),
    );
  }

  #interrupted(fault: unknown): Observable<LineState> {
    if (!(fault instanceof StreamFault)) throw fault;
    if (fault.kind !== 'ended') this.#pauseMs = SHORT_PAUSE_MS;
    if (fault.kind === 'gap') return EMPTY;
    this.#interruption = `The stream is interrupted (${fault.message})`;
    return of({ ...this.#noticed(), goesOn: true });
  }

  #noticed(): Answer {
    if (this.#interruption === undefined) return this.#latest;
    const seconds = Math.round(this.#options.pollMs / 1000);
    const text = `${this.#interruption}. Queried every ${seconds} s until it is back.`;
    return { ...this.#latest, frames: this.#latest.frames.map((frame) => withNotice(frame, text)) };
  }
}

/**
 * The states of one target, the first at once. While Grafana Live is cut or the stream fails the query is asked every
 * `pollMs`, which the frames say; the stream is taken up again as soon as it can be. Frames are never taken away.
 */
export function followLine(options: LineOptions): Observable<LineState> {
  return defer(() => new Line(options).states());
}
