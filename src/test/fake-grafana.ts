import {
  CoreApp,
  dateTime,
  type DataFrameJSON,
  type DataQueryRequest,
  type DataSourceInstanceSettings,
  type ScopedVars,
  type TypedVariableModel,
} from '@grafana/data';
import {
  config,
  setBackendSrv,
  setDataSourceSrv,
  setGrafanaLiveSrv,
  type BackendSrv,
  type BackendSrvRequest,
  type DataSourceSrv,
  type GrafanaLiveSrv,
  type TemplateSrv,
} from '@grafana/runtime';
import { of, throwError, type Observable } from 'rxjs';
import { DataSource } from '../datasource/datasource.ts';
import type { Options, Query } from '../datasource/types.ts';
import { FakeLive } from './fake-live.ts';

export const UID = 'live-1';
export const TYPE = 'topdeck-livediagnostics-datasource';

type Value = string | string[];
export interface FakeVariable {
  readonly value: Value;
  /** What the value is, as Grafana tells it to a formatter; for "all" every option. */
  readonly options?: string[];
  readonly multi?: boolean;
}
type Formatter = (value: Value, variable: { name: string; multi: boolean; includeAll: boolean }) => string;

/** Replaces `$name` and `${name}` as Grafana does: by a formatter when one is given, else by values joined by commas. */
export class FakeTemplates {
  readonly variables: Readonly<Record<string, FakeVariable>>;

  constructor(variables: Readonly<Record<string, FakeVariable>> = {}) {
    this.variables = variables;
  }

  replace(text = '', scoped: ScopedVars = {}, format?: string | Formatter): string {
    return text.replace(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced: string | undefined, plain: string | undefined) => {
      const name = braced ?? plain ?? '';
      const variable = this.variables[name];
      const scopedValue = scoped[name]?.value as Value | undefined;
      const value = scopedValue ?? (variable?.value === '$__all' ? variable.options : variable?.value);
      if (value === undefined) return whole;
      if (typeof format === 'function') {
        const multi = variable?.multi ?? false;
        return format(value, { name, multi, includeAll: multi });
      }
      return [value].flat().join(',');
    });
  }

  getVariables(): TypedVariableModel[] {
    return Object.entries(this.variables).map(
      ([name, { value }]) => ({ name, current: { value } }) as unknown as TypedVariableModel,
    );
  }

  asService(): TemplateSrv {
    return this as unknown as TemplateSrv;
  }
}

interface Results {
  [refId: string]: { frames?: DataFrameJSON[]; error?: string; status?: number };
}

/** Answers requests of the browser to Grafana's server; each is kept. */
export class FakeBackend {
  readonly requests: BackendSrvRequest[] = [];
  answer: (request: BackendSrvRequest) => unknown = () => ({ results: {} });

  fetch({ ...request }: BackendSrvRequest): Observable<unknown> {
    this.requests.push(request);
    try {
      return of({ status: 200, ok: true, data: this.answer(request) });
    } catch (error) {
      return throwError(() => error);
    }
  }

  /** Queries sent, one list a request. */
  get queries(): Record<string, unknown>[][] {
    return this.requests.filter(({ url }) => url.startsWith('/api/ds/query')).map(({ data }) => data.queries);
  }

  answerQueries(results: () => Results): void {
    this.answer = () => JSON.parse(JSON.stringify({ results: results() }));
  }
}

export interface FakeGrafana {
  readonly live: FakeLive;
  readonly backend: FakeBackend;
  readonly dataSource: DataSource;
}

export const settings = (jsonData: Options = {}): DataSourceInstanceSettings<Options> =>
  ({ id: 1, uid: UID, type: TYPE, name: 'Live', jsonData, meta: {}, readOnly: false }) as never;

export function startGrafana(variables: Readonly<Record<string, FakeVariable>> = {}, json: Options = {}): FakeGrafana {
  const live = new FakeLive();
  const backend = new FakeBackend();
  config.liveEnabled = true;
  config.publicDashboardAccessToken = '';
  setGrafanaLiveSrv(live as unknown as GrafanaLiveSrv);
  setBackendSrv(backend as unknown as BackendSrv);
  setDataSourceSrv({ getInstanceSettings: () => settings(json) } as unknown as DataSourceSrv);
  return { live, backend, dataSource: new DataSource(settings(json), new FakeTemplates(variables).asService()) };
}

export function request(
  targets: Partial<Query>[],
  more: Partial<DataQueryRequest<Query>> = {},
): DataQueryRequest<Query> {
  const to = dateTime();
  const from = dateTime(to).subtract(1, 'h');
  return {
    app: CoreApp.Dashboard,
    requestId: 'Q1',
    panelId: 7,
    interval: '5s',
    intervalMs: 5000,
    maxDataPoints: 500,
    timezone: 'utc',
    startTime: to.valueOf(),
    range: { from, to, raw: { from: 'now-1h', to: 'now' } },
    rangeRaw: { from: 'now-1h', to: 'now' },
    scopedVars: {},
    targets: targets.map((target, index) => ({
      refId: 'ABCDEF'[index],
      queryType: 'services',
      datasource: { uid: UID, type: TYPE },
      ...target,
    })),
    ...more,
  };
}
