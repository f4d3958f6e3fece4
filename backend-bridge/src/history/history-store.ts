import type { DiagnosticsEvent, EventsQuery, HistoryEvent } from '@topdeck/protocol';

/**
 * Port. Keeps events over restarts.
 *
 * Contract, checked for each adapter by test/history/history-store.contract.ts:
 *  - `append` is atomic: all events of one call are there afterwards, or none (a process killed in mid-write);
 *  - ids ascend in the order of appending and are never used again;
 *  - `query` answers newest first: by time, then id, descending. `since` is inclusive, `until` exclusive; `limit`
 *    defaults to 100; `resource_id` matches any resource the event is about; `before_id` gives what follows that event in
 *    this order, and nothing when there is no such event;
 *  - `prune` drops what is older than `beforeMs` and returns how many events went.
 * A store that cannot be read or written throws HISTORY_UNAVAILABLE; a failed call changes nothing and may be repeated.
 */
export interface HistoryStore {
  append(events: readonly DiagnosticsEvent[]): void;
  query(query: EventsQuery): readonly HistoryEvent[];
  prune(beforeMs: number): number;
  close(): void;
}

export const DEFAULT_QUERY_LIMIT = 100;
