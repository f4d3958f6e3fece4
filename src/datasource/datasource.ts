import type {
  CoreApp,
  DataQueryRequest,
  DataQueryResponse,
  DataSourceInstanceSettings,
  ScopedVars,
} from '@grafana/data';
import {
  config,
  DataSourceWithBackend,
  getGrafanaLiveSrv,
  getTemplateSrv,
  type HealthCheckResult,
  type TemplateSrv,
} from '@grafana/runtime';
import {
  DATA_SOURCE_DEFAULTS,
  RESOURCES,
  type SearchHit,
  type VariableQuery,
  type VariableValue,
} from '@topdeck/protocol/grafana';
import { switchMap, type Observable } from 'rxjs';
import { annotationSupport } from './annotation-support.ts';
import { healthReports } from './health-report.ts';
import { mayGoLive } from './live/allowed.ts';
import { askTwice, liveResponse } from './live/live-response.ts';
import { defaultQuery } from './query/default-query.ts';
import { displayText } from './query/display-text.ts';
import { interpolateFilter, interpolateQuery } from './query/interpolate.ts';
import { compactFilter } from './query/wire-query.ts';
import type { Options, Query } from './types.ts';
import { DiagnosticsVariableSupport } from './variable-support.ts';

const SEARCH_LIMIT = 50;

export class DataSource extends DataSourceWithBackend<Query, Options> {
  readonly #updateIntervalS: number;
  readonly #templates: TemplateSrv;

  constructor(settings: DataSourceInstanceSettings<Options>, templates: TemplateSrv = getTemplateSrv()) {
    super(settings);
    this.#updateIntervalS = settings.jsonData.updateIntervalS ?? DATA_SOURCE_DEFAULTS.updateIntervalS;
    this.#templates = templates;
    this.annotations = annotationSupport;
    this.variables = new DiagnosticsVariableSupport(this);
  }

  override query(request: DataQueryRequest<Query>): Observable<DataQueryResponse> {
    // Viewers of a public dashboard cannot subscribe; the server runs the saved queries for them.
    if (config.publicDashboardAccessToken) return super.query(request);
    const targets = request.targets.map((target) => ({ ...target, live: mayGoLive(target, request) || undefined }));
    const asked = { ...request, targets };
    if (!targets.some((target) => target.live)) return super.query(asked);
    return this.#ask(asked).pipe(switchMap((response) => this.#goOn(asked, response)));
  }

  #ask(request: DataQueryRequest<Query>): Observable<DataQueryResponse> {
    return askTwice((next) => super.query(next), request);
  }

  #goOn(request: DataQueryRequest<Query>, response: DataQueryResponse): Observable<DataQueryResponse> {
    return liveResponse(request, response, {
      server: config.liveEnabled ? getGrafanaLiveSrv() : undefined,
      uid: this.uid,
      updateIntervalS: this.#updateIntervalS,
      query: (next) => this.#ask(next),
      interpolate: (query, { scopedVars }) => this.applyTemplateVariables(query, scopedVars),
    });
  }

  override applyTemplateVariables(query: Query, scopedVars: ScopedVars): Query {
    return interpolateQuery(query, this.#templates, scopedVars);
  }

  override filterQuery(query: Query): boolean {
    if (query.queryType === 'metric' && !query.metric) return false;
    if (query.queryType === 'comparison' && compactFilter(query.filter) === undefined) return false;
    return query.hide !== true;
  }

  override getDefaultQuery(app: CoreApp): Partial<Query> {
    return defaultQuery(app);
  }

  override getQueryDisplayText(query: Query): string {
    return displayText(query);
  }

  /** Values that variables and editors choose from. */
  async variableValues({ kind, label, filter }: VariableQuery, scopedVars: ScopedVars = {}): Promise<VariableValue[]> {
    return this.postResource<VariableValue[]>(RESOURCES.variableValues, {
      kind,
      ...(label && { label: this.#templates.replace(label, scopedVars) }),
      filter: interpolateFilter(filter, this.#templates, scopedVars),
    });
  }

  async search(text: string): Promise<SearchHit[]> {
    return this.getResource<SearchHit[]>(RESOURCES.search, { q: text, limit: SEARCH_LIMIT });
  }

  // What Save & test asks; a data source with a backend may not replace testDatasource itself (Grafana's code rules).
  override async callHealthCheck(): Promise<HealthCheckResult> {
    return healthReports.record(this.uid, await super.callHealthCheck());
  }
}
