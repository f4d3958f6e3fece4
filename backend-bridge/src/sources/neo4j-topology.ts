import type { BridgeError } from '../errors.ts';
import { Neo4jReader, type Neo4jReaderOptions } from './neo4j-reader.ts';
import { RefreshingTopologySource, type RefreshPolicy, type TopologySourceDeps } from './topology-refresher.ts';
import type { TopologySource } from './topology-source.ts';

export interface Neo4jTopologyOptions extends Neo4jReaderOptions {
  readonly refreshS: number;
}

const FIRST_RETRY_MS = 1000;
/** Spread around a retry's delay, so that bridges which lost one database together do not return together. */
const JITTER = 0.2;
/** Neo4j locks a user for seconds after three refusals; asking more often than this would keep it locked. */
const REFUSED_RETRY_MS = 10_000;

/** Delay before the next attempt: doubles from {@link FIRST_RETRY_MS}, never beyond `capMs`. `random` is from 0 to 1. */
export function backoffMs(failures: number, capMs: number, random: number): number {
  const spread = 1 - JITTER + 2 * JITTER * random;
  return Math.min(capMs, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 30) * spread);
}

/** Only a lost connection may mend any moment; what the database refused is asked for again at the usual pace. */
function retryDelayMs(error: BridgeError, failures: number, intervalMs: number): number {
  if (error.code === 'NEO4J_UNREACHABLE') return backoffMs(failures, intervalMs, Math.random());
  return error.code === 'NEO4J_AUTH_FAILED' ? Math.max(intervalMs, REFUSED_RETRY_MS) : intervalMs;
}

/**
 * The service graph of a Neo4j database. `start` rejects with NEO4J_AUTH_FAILED for refused credentials; faults while
 * running are NEO4J_UNREACHABLE, NEO4J_AUTH_FAILED, NEO4J_DATABASE_NOT_FOUND, NEO4J_QUERY_FAILED, TOPOLOGY_TOO_LARGE.
 */
export function createNeo4jTopology(options: Neo4jTopologyOptions, deps: TopologySourceDeps): TopologySource {
  const intervalMs = options.refreshS * 1000;
  const policy: RefreshPolicy = {
    intervalMs,
    retryDelayMs: (error, failures) => retryDelayMs(error, failures, intervalMs),
    fatalAtStart: new Set(['NEO4J_AUTH_FAILED']),
  };
  return new RefreshingTopologySource(new Neo4jReader(options, deps), policy, deps);
}
