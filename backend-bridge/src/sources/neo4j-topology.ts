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

/**
 * A lost connection may mend any moment: asked for again after about 1, 2, 4 … s, at most one interval. What the
 * database refused is asked for again at the usual pace, refused credentials more slowly. `random` gives 0 to 1.
 */
export function neo4jRefreshPolicy(refreshS: number, random: () => number = Math.random): RefreshPolicy {
  const intervalMs = refreshS * 1000;
  return {
    intervalMs,
    retryDelayMs: ({ code }, failures) => {
      if (code === 'NEO4J_AUTH_FAILED') return Math.max(intervalMs, REFUSED_RETRY_MS);
      if (code !== 'NEO4J_UNREACHABLE') return intervalMs;
      const spread = 1 - JITTER + 2 * JITTER * random();
      return Math.min(intervalMs, Math.round(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 30) * spread));
    },
    fatalAtStart: new Set(['NEO4J_AUTH_FAILED']),
  };
}

/**
 * The service graph of a Neo4j database. `start` rejects with NEO4J_AUTH_FAILED for refused credentials; faults while
 * running are NEO4J_UNREACHABLE, NEO4J_AUTH_FAILED, NEO4J_DATABASE_NOT_FOUND, NEO4J_QUERY_FAILED, TOPOLOGY_TOO_LARGE.
 * Throws CONFIG_INVALID for a URI that no driver understands.
 */
export function createNeo4jTopology(options: Neo4jTopologyOptions, deps: TopologySourceDeps): TopologySource {
  return new RefreshingTopologySource(new Neo4jReader(options, deps), neo4jRefreshPolicy(options.refreshS), deps);
}
