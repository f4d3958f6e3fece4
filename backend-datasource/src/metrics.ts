import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CONNECTION_CODES, type QueryType } from '@topdeck/protocol/grafana';
import type { Clock } from './clock.ts';
import type { BridgeState } from './bridge/bridge.ts';
import { connectionName } from './frames/connection.ts';

const NAME = 'topdeck_datasource';
const QUERY_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** Numbers about this process that Grafana collects with its own. */
export class PluginMetrics {
  readonly registry = new Registry();
  readonly #clock: Clock;
  readonly #queries = this.#histogram();
  readonly #streams = this.#gauge('streams', 'Channels being served', ['query_type']);
  readonly #sent = this.#counter('stream_frames_total', 'Frames sent to channels', ['query_type']);
  readonly #state = this.#gauge('bridge_connection_state', '0 websocket, 1 polling, 2 disconnected', [
    'datasource_uid',
  ]);
  readonly #reconnects = this.#gauge('bridge_reconnects', 'Times the socket was opened again', ['datasource_uid']);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async timeQuery<T>(queryType: QueryType, run: () => Promise<T>): Promise<T> {
    const startMs = this.#clock.nowMs();
    const observe = (outcome: string): void =>
      this.#queries.observe({ query_type: queryType, outcome }, (this.#clock.nowMs() - startMs) / 1000);
    try {
      const result = await run();
      observe('ok');
      return result;
    } catch (error) {
      observe('error');
      throw error;
    }
  }

  streamStarted(queryType: QueryType): () => void {
    this.#streams.inc({ query_type: queryType });
    return () => this.#streams.dec({ query_type: queryType });
  }

  frameSent(queryType: QueryType): void {
    this.#sent.inc({ query_type: queryType });
  }

  bridgeState(datasourceUid: string, { connection, reconnects }: BridgeState): void {
    const labels = { datasource_uid: datasourceUid };
    this.#state.set(labels, CONNECTION_CODES[connectionName(connection)]);
    this.#reconnects.set(labels, reconnects);
  }

  bridgeGone(datasourceUid: string): void {
    this.#state.remove({ datasource_uid: datasourceUid });
    this.#reconnects.remove({ datasource_uid: datasourceUid });
  }

  #histogram(): Histogram<'query_type' | 'outcome'> {
    return new Histogram({
      name: `${NAME}_query_duration_seconds`,
      help: 'Time from a query to its frames',
      labelNames: ['query_type', 'outcome'],
      buckets: QUERY_SECONDS,
      registers: [this.registry],
    });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name: `${NAME}_${name}`, help, labelNames, registers: [this.registry] });
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name: `${NAME}_${name}`, help, labelNames, registers: [this.registry] });
  }
}
