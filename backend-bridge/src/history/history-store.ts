import type { DiagnosticsEvent, EventsQuery, HistoryEvent } from '@topdeck/protocol';

/**
 * Port. Keeps events over restarts.
 *
 * Contract, checked for each adapter by test/history/history-store.contract.ts:
 *  - `append` is atomic: all events of one call are there afterwards, or none (a process killed in mid-write);
 *  - `query` answers newest first, ids descending; `since` is inclusive, `until` exclusive; `limit` defaults to 100;
 *    `resource_id` matches any resource the event is about;
 *  - `prune` drops what is older than `beforeMs` and returns how many events went.
 */
export interface HistoryStore {
  append(events: readonly DiagnosticsEvent[]): void;
  query(query: EventsQuery): readonly HistoryEvent[];
  prune(beforeMs: number): number;
  close(): void;
}
