import type { Topology } from '@topdeck/protocol';
import type { Driver, ManagedTransaction, SessionConfig } from 'neo4j-driver';

/**
 * Every node of ours has both labels. `Simulated` keeps our nodes apart from those of others: only they are ever matched,
 * changed or removed, even in a database that holds a real graph with the same ids.
 */
const LABELS = ':Resource:Simulated';
const BATCH_ROWS = 5_000;

const CONSTRAINT = 'CREATE CONSTRAINT simulated_resource_id IF NOT EXISTS FOR (n:Simulated) REQUIRE n.id IS UNIQUE';
const MERGE_NODES = `UNWIND $rows AS row MERGE (n${LABELS} {id: row.id}) SET n = row`;
const MERGE_EDGES = `UNWIND $rows AS row
  MATCH (s:Simulated {id: row.source}) MATCH (t:Simulated {id: row.target})
  MERGE (s)-[r:DEPENDS_ON]->(t) SET r.simulated_load = row.simulated_load`;
const DELETE_NODES = `MATCH (n:Simulated) WHERE n.simulated_load <> $load
  WITH n LIMIT ${BATCH_ROWS} DETACH DELETE n RETURN count(n) AS removed`;
const DELETE_EDGES = `MATCH (:Simulated)-[r:DEPENDS_ON]->(:Simulated) WHERE r.simulated_load <> $load
  WITH r LIMIT ${BATCH_ROWS} DELETE r RETURN count(r) AS removed`;

export interface LoadProgress {
  readonly stage: 'nodes' | 'edges';
  readonly done: number;
  readonly total: number;
}

export interface LoadOptions {
  /** Absent: the user's home database. */
  readonly database: string | undefined;
  readonly onProgress: (progress: LoadProgress) => void;
}

export interface LoadResult {
  readonly removedNodes: number;
  readonly removedEdges: number;
}

type Row = Readonly<Record<string, string>>;

/**
 * Makes the simulated graph in Neo4j equal to the topology: what is there stays, what is new is added, what an earlier
 * load left and this one lacks is removed. Loading twice changes nothing. Rejects with the driver's errors; a load that
 * was cut off is completed by the next.
 */
export async function loadIntoNeo4j(driver: Driver, topology: Topology, options: LoadOptions): Promise<LoadResult> {
  const load = topology.version;
  const nodes: Row[] = topology.resources.map(({ id, name, resource_type, labels }) => ({
    ...labels,
    id,
    name,
    resource_type,
    simulated_load: load,
  }));
  const edges: Row[] = topology.dependencies.map(({ source, target }) => ({ source, target, simulated_load: load }));

  const access: Pick<SessionConfig, 'database'> = { database: options.database };
  const session = driver.session(access);
  const write = <T>(work: (tx: ManagedTransaction) => Promise<T>): Promise<T> => session.executeWrite(work);
  const merge = async (stage: LoadProgress['stage'], query: string, rows: readonly Row[]): Promise<void> => {
    for (let from = 0; from < rows.length; from += BATCH_ROWS) {
      const batch = rows.slice(from, from + BATCH_ROWS);
      await write((tx) => tx.run(query, { rows: batch }));
      options.onProgress({ stage, done: from + batch.length, total: rows.length });
    }
  };
  const removeOld = async (query: string): Promise<number> => {
    let removed = 0;
    for (;;) {
      const { records } = await write((tx) => tx.run(query, { load }));
      const count = Number(records[0]?.get('removed') ?? 0);
      if (count === 0) return removed;
      removed += count;
    }
  };
  try {
    await session.run(CONSTRAINT);
    await merge('nodes', MERGE_NODES, nodes);
    const removedNodes = await removeOld(DELETE_NODES);
    await merge('edges', MERGE_EDGES, edges);
    const removedEdges = await removeOld(DELETE_EDGES);
    return { removedNodes, removedEdges };
  } finally {
    await session.close();
  }
}
