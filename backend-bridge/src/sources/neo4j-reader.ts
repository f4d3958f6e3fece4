import neo4j, { type Config, type Driver, type Result, type Session, type SessionConfig } from 'neo4j-driver';
import type { Topology } from '@topdeck/protocol';
import { BridgeError } from '../errors.ts';
import { TopologyBuilder } from './build-topology.ts';
import { neo4jFault } from './neo4j-errors.ts';
import { edgeReader, nodeReader, type RowReader } from './neo4j-rows.ts';
import type { TopologyReader, TopologySourceDeps } from './topology-refresher.ts';

export interface Neo4jReaderOptions {
  /** bolt:// or neo4j:// (routed), each with +s or +ssc. */
  readonly uri: string;
  readonly username: string;
  /** Absent: no authentication. */
  readonly password: { reveal(): string } | undefined;
  /** Absent: the user's home database. */
  readonly database: string | undefined;
  readonly nodesQuery: string;
  readonly edgesQuery: string;
  /** Longest one query may take. */
  readonly timeoutS: number;
  /** Node properties kept as labels; passed to both queries as $label_keys. */
  readonly labels: readonly string[];
  readonly maxNodes: number;
  readonly maxEdges: number;
}

/** Records asked for at a time: large enough that round trips do not count, small enough that nothing piles up. */
const FETCH_SIZE = 5000;
const MAX_CONNECT_MS = 5000;
/** The database ends a query at the limit and says so; only when it says nothing either, we give up this much later. */
const SILENCE_MS = 2000;

interface Query<T> {
  readonly kind: 'nodes' | 'edges';
  readonly cypher: string;
  readonly maxRows: number;
  readonly reader: (columns: readonly string[]) => RowReader<T>;
  readonly take: (row: T) => void;
}

/** Hands each record over as it arrives, without keeping it; rejects at the first that `query` refuses. */
function stream<T>(result: Result, query: Query<T>): Promise<void> {
  return new Promise((resolve, reject) => {
    let read: RowReader<T> | undefined;
    let rows = 0;
    let refused = false;
    const attempt = (step: () => void): void => {
      if (refused) return;
      try {
        step();
      } catch (error) {
        refused = true;
        reject(neo4jFault(error));
      }
    };
    result.subscribe({
      onKeys: (columns) => attempt(() => (read = query.reader(columns))),
      onNext: (record) =>
        attempt(() => {
          rows += 1;
          if (rows > query.maxRows) throw tooLarge(query);
          if (read !== undefined) query.take(read(record));
        }),
      onCompleted: () => resolve(),
      onError: reject,
    });
  });
}

const tooLarge = ({ kind, maxRows }: Pick<Query<unknown>, 'kind' | 'maxRows'>): BridgeError =>
  new BridgeError('TOPOLOGY_TOO_LARGE', { detail: `the ${kind} query returns more than ${maxRows} rows` });

/** Two queries a reading, whatever the size of the graph, each in a read transaction of its own with its own time limit. */
export class Neo4jReader implements TopologyReader {
  readonly kind = 'neo4j';
  readonly #options: Neo4jReaderOptions;
  readonly #deps: TopologySourceDeps;
  readonly #closing = new AbortController();
  #driver: Driver;

  /** Throws CONFIG_INVALID for a URI that the driver does not understand. Connects at the first load. */
  constructor(options: Neo4jReaderOptions, deps: TopologySourceDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#driver = this.#createDriver();
  }

  async load(): Promise<Topology> {
    const { database, nodesQuery, edgesQuery, labels, maxNodes, maxEdges } = this.#options;
    const builder = new TopologyBuilder();
    const access: Pick<SessionConfig, 'database' | 'defaultAccessMode' | 'fetchSize'> = {
      database,
      defaultAccessMode: neo4j.session.READ,
      fetchSize: FETCH_SIZE,
    };
    const session = this.#driver.session(access);
    try {
      await this.#run(session, {
        kind: 'nodes',
        cypher: nodesQuery,
        maxRows: maxNodes,
        reader: (columns) => nodeReader(columns, labels),
        take: (row) => builder.addResource(row),
      });
      await this.#run(session, {
        kind: 'edges',
        cypher: edgesQuery,
        maxRows: maxEdges,
        reader: edgeReader,
        take: (row) => builder.addDependency(row.source, row.target),
      });
    } finally {
      // Not awaited: closing resets a query still running, and a server that hangs would never answer that.
      session.close().catch((error: unknown) => this.#deps.log.debug({ event: 'neo4j.close_failed', err: error }));
    }
    return builder.build();
  }

  async close(): Promise<void> {
    this.#closing.abort(new BridgeError('NEO4J_UNREACHABLE', { detail: 'the bridge is closing' }));
    await this.#driver.close();
  }

  #createDriver(): Driver {
    const { uri, username, password, timeoutS } = this.#options;
    const auth = password === undefined ? undefined : neo4j.auth.basic(username, password.reveal());
    const timeoutMs = Math.ceil(timeoutS * 1000);
    const config: Partial<Config> = {
      userAgent: 'topdeck-bridge',
      useBigInt: true,
      connectionTimeout: Math.min(timeoutMs, MAX_CONNECT_MS),
      // Beyond our own limit, so that this decides, and connections that hang are given up with their driver.
      connectionAcquisitionTimeout: 2 * (timeoutMs + SILENCE_MS),
      // A refresh every half minute meets connections that a firewall or a restart cut meanwhile.
      connectionLivenessCheckTimeout: 0,
    };
    try {
      return neo4j.driver(uri, auth, config);
    } catch (cause) {
      throw new BridgeError('CONFIG_INVALID', { detail: `NEO4J_URI: ${(cause as Error).message}`, cause });
    }
  }

  async #run<T>(session: Session, query: Query<T>): Promise<void> {
    const { clock, metrics } = this.#deps;
    const startMs = clock.monotonicMs();
    let outcome = 'ok';
    try {
      await this.#withinLimit(this.#read(session, query));
    } catch (error) {
      const fault = neo4jFault(error);
      outcome = fault.code;
      throw fault;
    } finally {
      const labels = { upstream: 'neo4j', kind: query.kind };
      metrics.upstreamQueries.inc({ ...labels, outcome });
      metrics.upstreamQuerySeconds.observe(labels, (clock.monotonicMs() - startMs) / 1000);
    }
  }

  /**
   * An explicit transaction rather than executeRead: that one runs its work again by itself when a connection breaks,
   * which would count rows twice and add a second, hidden schedule of retries to ours.
   */
  async #read<T>(session: Session, query: Query<T>): Promise<void> {
    const tx = await session.beginTransaction({
      timeout: Math.ceil(this.#options.timeoutS * 1000),
      metadata: { application: 'topdeck-bridge', query: query.kind },
    });
    await stream(tx.run(query.cypher, { label_keys: this.#options.labels }), query);
    await tx.commit();
  }

  /** Rejects when the database stays silent beyond the limit, or the source closes; the work is then left to itself. */
  #withinLimit(work: Promise<void>): Promise<void> {
    const limitMs = this.#options.timeoutS * 1000 + SILENCE_MS;
    const { signal } = this.#closing;
    return new Promise((resolve, reject) => {
      const cancel = this.#deps.clock.schedule(limitMs, () => {
        this.#abandonDriver();
        reject(new BridgeError('NEO4J_UNREACHABLE', { detail: `no answer within ${limitMs / 1000} s` }));
      });
      const onClose = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onClose, { once: true });
      void work.then(resolve, reject).finally(() => {
        cancel();
        signal.removeEventListener('abort', onClose);
      });
      if (signal.aborted) onClose();
    });
  }

  /** Connections that hang would occupy the pool until the kernel gives them up, long after the database is back. */
  #abandonDriver(): void {
    const abandoned = this.#driver;
    this.#driver = this.#createDriver();
    abandoned.close().catch((error: unknown) => this.#deps.log.debug({ event: 'neo4j.close_failed', err: error }));
  }
}
