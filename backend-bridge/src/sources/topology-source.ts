import type { SourceFreshness, Topology } from '@topdeck/protocol';

/** What a topology source knows right now. `topology` is absent until the first success. */
export interface TopologyReading {
  readonly topology: Topology | undefined;
  /** `stale`: the last good topology stands, the newest refresh failed; with the error that made it so. */
  readonly freshness: SourceFreshness;
}

/**
 * Port. A source refreshes itself (`start` to `close`) and is read at any time without waiting.
 *
 * Contract, checked for each adapter by test/sources/topology-source.contract.ts:
 *  - `start` resolves after the first attempt, successful or not, except for faults that retrying cannot mend
 *    (refused credentials, an unreadable or invalid file), for which it rejects with a BridgeError;
 *  - `read` never throws; a failed refresh keeps the last topology and marks it stale;
 *  - equal graphs keep the identical Topology object;
 *  - `refresh` reads at once (joining one under way) and resolves to the reading after it;
 *  - `onChange` listeners run after `read` shows the new topology; after `close` nothing runs any more.
 */
export interface TopologySource {
  /** neo4j or file: as it appears in freshness and in the start table. */
  readonly kind: string;
  start(): Promise<void>;
  read(): TopologyReading;
  refresh(): Promise<TopologyReading>;
  onChange(listener: (topology: Topology) => void): () => void;
  close(): Promise<void>;
}
