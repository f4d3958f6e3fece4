import {
  CoreApp,
  LoadingState,
  rangeUtil,
  type DataFrame,
  type DataQueryRequest,
  type DataSourceApi,
  type TimeRange,
} from '@grafana/data';
import { getDataSourceSrv, type DataSourceWithBackend } from '@grafana/runtime';
import type { DataQuery } from '@grafana/schema';
import { RESOURCES, type ConnectionInfo, type DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { filter, firstValueFrom, from, fromEvent, map, takeUntil, throwIfEmpty } from 'rxjs';
import { browserClock, type Clock } from './clock.ts';
import { errorsOf, faultText, noAnswer } from './faults.ts';
import { DATA_SOURCE_TYPE, refIdOf, type DiagnosticsSource } from './source.ts';

type Query = DataQuery & DiagnosticsQuery;
type Resources = Pick<DataSourceWithBackend, 'getResource' | 'postResource'>;
type Api = DataSourceApi<Query> & Resources;

/** Points of a line as wide as a drawer. */
const MAX_POINTS = 200;

/** Grafana cancels a request when another of the same id begins; ids of two plugins' copies of this must differ. */
const idPrefix = `live-diagnostics-${Math.random().toString(36).slice(2)}`;
let asked = 0;

interface RequestParts {
  readonly uid: string;
  readonly queries: readonly DiagnosticsQuery[];
  readonly range: TimeRange;
  readonly nowMs: number;
}

function requestOf({ uid, queries, range, nowMs }: RequestParts): DataQueryRequest<Query> {
  asked += 1;
  const { interval, intervalMs } = rangeUtil.calculateInterval(range, MAX_POINTS, '1s');
  return {
    app: CoreApp.PanelViewer,
    requestId: `${idPrefix}-${asked}`,
    range,
    rangeRaw: range.raw,
    interval,
    intervalMs,
    maxDataPoints: MAX_POINTS,
    timezone: 'browser',
    startTime: nowMs,
    scopedVars: {},
    targets: queries.map((query, index) => ({
      ...query,
      refId: refIdOf(index),
      datasource: { uid, type: DATA_SOURCE_TYPE },
      streaming: false,
    })),
  };
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new DOMException(String(signal.reason), 'AbortError');

const faultOf = (fault: unknown): Error =>
  fault instanceof Error && fault.message !== '' ? fault : new Error(faultText(fault), { cause: fault });

/** The data source of a panel, asked as Grafana asks it. */
export class GrafanaSource implements DiagnosticsSource {
  readonly uid: string;
  readonly #clock: Clock;

  constructor(uid: string, clock: Clock = browserClock) {
    this.uid = uid;
    this.#clock = clock;
  }

  async query(
    queries: readonly DiagnosticsQuery[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly DataFrame[]> {
    const api = await this.#api();
    // An abort that has been is no event any more.
    if (signal.aborted) throw reasonOf(signal);
    const request = requestOf({ uid: this.uid, queries, range, nowMs: this.#clock.nowMs() });
    return firstValueFrom(
      from(api.query(request)).pipe(
        filter(({ state }) => state !== LoadingState.Loading),
        takeUntil(fromEvent(signal, 'abort')),
        throwIfEmpty(() => new Error(noAnswer())),
        map((answer) => {
          const [error] = errorsOf(answer);
          if (error !== undefined) throw new Error(faultText(error), { cause: error });
          return answer.data as DataFrame[];
        }),
      ),
    ).catch((fault: unknown) => {
      throw signal.aborted ? reasonOf(signal) : faultOf(fault);
    });
  }

  async refresh(): Promise<void> {
    await this.#ask((api) => api.postResource(RESOURCES.refresh, {}, { showErrorAlert: false }));
  }

  async connection(): Promise<ConnectionInfo> {
    return this.#ask((api) => api.getResource<ConnectionInfo>(RESOURCES.connection, {}, { showErrorAlert: false }));
  }

  async #ask<Answer>(question: (api: Api) => Promise<Answer>): Promise<Answer> {
    try {
      return await question(await this.#api());
    } catch (fault) {
      throw faultOf(fault);
    }
  }

  async #api(): Promise<Api> {
    return (await getDataSourceSrv().get({ uid: this.uid, type: DATA_SOURCE_TYPE })) as unknown as Api;
  }
}
