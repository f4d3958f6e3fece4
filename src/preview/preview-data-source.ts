import {
  DataSourceApi,
  LoadingState,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceInstanceSettings,
  type TestDataSourceResponse,
} from '@grafana/data';
import { connectionInfo, searchTopology } from '@topdeck/backend-datasource/frames';
import type { Bridge } from '@topdeck/backend-datasource/bridge';
import { RESOURCES, type ConnectionInfo, type SearchHit } from '@topdeck/protocol/grafana';
import { asyncScheduler, defer, from, merge, Observable, throttleTime } from 'rxjs';
import type { Clock } from '../ui/clock.ts';
import { answer, type Answer } from './answer.ts';
import type { Query } from '../panels/hosting/query.ts';
import { ExtrasReader } from './read-extras.ts';
import { rounds } from './rounds.ts';

/** Changes that follow each other faster are shown together. */
const TOGETHER_MS = 200;
const SEARCH_LIMIT = 50;

export interface PreviewParts {
  readonly bridge: Bridge;
  readonly clock: Clock;
  /** Ages in frames are renewed so often, also while nothing comes. */
  readonly renewMs: number;
}

/** Everything that the targets say, in their order; `Loading` while one of them waits for its first word. */
function packet(request: DataQueryRequest<Query>, answers: readonly Answer[]): DataQueryResponse {
  const data = answers.flatMap((one): readonly DataFrame[] => (one.kind === 'frames' ? one.frames : []));
  const errors = answers.flatMap((one) => (one.kind === 'failed' ? [one.error] : []));
  const key = request.requestId;
  if (errors.length > 0) return { key, data, state: LoadingState.Error, errors };
  const isWaiting = answers.some(({ kind }) => kind === 'waiting');
  return { key, data, state: isWaiting ? LoadingState.Loading : LoadingState.Streaming };
}

/** What panels take for their data source: answered in the page, from the page's own connection to the bridge. */
export class PreviewDataSource extends DataSourceApi<Query> {
  readonly #parts: PreviewParts;

  constructor(settings: DataSourceInstanceSettings, parts: PreviewParts) {
    super(settings);
    this.#parts = parts;
  }

  override query(request: DataQueryRequest<Query>): Observable<DataQueryResponse> {
    if (request.targets.every(({ streaming }) => streaming === false)) return from(this.#once(request));
    return defer(() => this.#follow(request));
  }

  override async testDatasource(): Promise<TestDataSourceResponse> {
    const { state, lastError } = this.#connection();
    return { status: state === 'disconnected' ? 'error' : 'success', message: lastError ?? state };
  }

  async getResource(path: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (path === RESOURCES.connection) return this.#connection();
    if (path === RESOURCES.search) return this.#search(parameters);
    throw new Error(`There is no resource GET ${path}`);
  }

  async postResource(path: string): Promise<unknown> {
    if (path === RESOURCES.refresh) return this.#parts.bridge.reads.refresh(new AbortController().signal);
    throw new Error(`There is no resource POST ${path}`);
  }

  #connection(): ConnectionInfo {
    const { bridge, clock } = this.#parts;
    return connectionInfo(bridge.state(), clock.nowMs());
  }

  #search({ q, limit }: Readonly<Record<string, unknown>>): readonly SearchHit[] {
    const { received } = this.#parts.bridge.state();
    const wanted = typeof limit === 'number' ? limit : SEARCH_LIMIT;
    return received === undefined ? [] : searchTopology(typeof q === 'string' ? q : '', wanted, received.snapshot);
  }

  async #once(request: DataQueryRequest<Query>): Promise<DataQueryResponse> {
    const { signal } = new AbortController();
    await this.#parts.bridge.ready(signal);
    const { state, ...told } = packet(
      request,
      await this.#answers(request, { signal, reader: new ExtrasReader(), events: 0 }),
    );
    return { ...told, state: state === LoadingState.Error ? state : LoadingState.Done };
  }

  #follow(request: DataQueryRequest<Query>): Observable<DataQueryResponse> {
    const reader = new ExtrasReader();
    let events = 0;
    const changes = new Observable<void>((subscriber) =>
      this.#parts.bridge.listen({
        onState: () => subscriber.next(),
        onEvent: () => {
          events += 1;
          subscriber.next();
        },
      }),
    );
    const due = merge(changes, this.#renewals()).pipe(
      throttleTime(TOGETHER_MS, asyncScheduler, { leading: true, trailing: true }),
    );
    return rounds(due, async (signal) => packet(request, await this.#answers(request, { signal, reader, events })));
  }

  #renewals(): Observable<void> {
    const { clock, renewMs } = this.#parts;
    return new Observable((subscriber) => {
      let cancel = clock.schedule(renewMs, function tick(): void {
        cancel = clock.schedule(renewMs, tick);
        subscriber.next();
      });
      return () => cancel();
    });
  }

  #answers(
    request: DataQueryRequest<Query>,
    { signal, reader, events }: { signal: AbortSignal; reader: ExtrasReader; events: number },
  ): Promise<readonly Answer[]> {
    const { bridge, clock } = this.#parts;
    const nowMs = clock.nowMs();
    return Promise.all(
      request.targets.map((target) => {
        const asked = { target, request, bridge, nowMs, signal };
        return answer({
          ...asked,
          readExtras: (entry, received) => reader.read(entry, received, { ...asked, events }),
        });
      }),
    );
  }
}
