import type { EventsQuery, HistoryEvent, Status, StreamEvent } from '@topdeck/protocol';
import type { IncidentStore } from './incident-store.ts';

/** Health of one service at one moment. The score is null where the status is unknown. */
export interface HealthState {
  readonly status: Status;
  readonly score: number | null;
}

export interface HealthChange extends HealthState {
  readonly resourceId: string;
}

/** What one tick says of health: that somebody looked, and what is different from the last that was kept. */
export interface HealthRecord {
  readonly atMs: number;
  /** How long this may be taken for the present: the interval between ticks. */
  readonly holdMs: number;
  /** Ticks further apart than `holdMs` and this leave a gap, in which nothing is known. */
  readonly pauseMs: number;
  readonly changes: readonly HealthChange[];
}

/** A time without a gap in which somebody looked, epoch milliseconds; the end is exclusive. */
export interface WatchedSpan {
  readonly startMs: number;
  readonly endMs: number;
}

export interface HealthSample extends HealthState {
  readonly atMs: number;
}

export interface SampleRange {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly limit: number;
}

/** One of `of` parts of about equal size; which services are in it stays the same. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

/** Where a resource was last drawn, also one that has left the topology. */
export interface KeptPlace {
  readonly resourceId: string;
  readonly x: number;
  readonly y: number;
  readonly hasLeft: boolean;
}

/**
 * Port. Keeps events, incidents, the health of services and their places over restarts.
 *
 * Contract, checked for each adapter by test/history/*.contract.ts:
 *  - `append` is atomic: all of one call is there afterwards, or nothing (a process killed in mid-write);
 *  - ids ascend in the order of appending and are never used again;
 *  - `query` answers newest first: by time, then id, descending. `since` is inclusive, `until` exclusive; `limit`
 *    defaults to 100; events of incidents are read by their incident alone; `resource_id` matches any resource the event is about; `before_id` gives what follows that event in
 *    this order, and nothing when there is no such event;
 *  - a health record at most `pauseMs` after the end of the newest watched span (and not before its start) makes that
 *    span last until `atMs + holdMs`; any other begins a new one. Health is a step function: a change holds until the
 *    next one of its service, but only in watched time;
 *  - `watched` gives the spans that touch [sinceMs, untilMs), ascending by start; where the clock stepped back they overlap;
 *  - `samples` gives one service's changes in [sinceMs, untilMs), before them the newest one earlier than sinceMs where
 *    there is one, ascending by time and at most `limit` of them; of two at one time, the later written;
 *  - `healthResources` gives the ids of all services with samples, in ascending order of UTF-16 code units;
 *    `newestHealth` the last change of each of them that is not unknown;
 *  - `prune` drops events and watched spans that ended before `beforeMs` and returns how many events went; `pruneHealth`
 *    the samples of a part of the services that are older and no longer in force then.
 *  - `keepPlaces` puts its argument in the place of all that was kept before, `places` gives it back in the same order.
 * A store that cannot be read or written throws HISTORY_UNAVAILABLE; a failed call changes nothing and may be repeated.
 */
export interface HistoryStore extends IncidentStore {
  append(events: readonly StreamEvent[], health?: HealthRecord): void;
  query(query: EventsQuery): readonly HistoryEvent[];
  readonly watched: (sinceMs: number, untilMs: number) => readonly WatchedSpan[];
  readonly healthResources: () => readonly string[];
  readonly newestHealth: () => ReadonlyMap<string, HealthState>;
  readonly samples: (resourceId: string, range: SampleRange) => readonly HealthSample[];
  prune(beforeMs: number): number;
  pruneHealth(beforeMs: number, part: Part): void;
  readonly places: () => readonly KeptPlace[];
  readonly keepPlaces: (places: readonly KeptPlace[]) => void;
  close(): void;
}

/**
 * Port. Keeps what detectors have learnt over restarts. `save` replaces what was kept before, whole or not at all, also in
 * a process that is killed; saves do not overlap. `load` gives undefined where nothing was kept. Both reject with
 * HISTORY_UNAVAILABLE, `load` also for what is damaged.
 */
export interface DetectorStore {
  readonly load: () => Promise<Uint8Array | undefined>;
  readonly save: (learnt: Uint8Array) => Promise<void>;
}

export const DEFAULT_QUERY_LIMIT = 100;
