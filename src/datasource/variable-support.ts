import { createElement, type ComponentType } from 'react';
import {
  CustomVariableSupport,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  type QueryEditorProps,
} from '@grafana/data';
import type { VariableQuery } from '@topdeck/protocol/grafana';
import { from, map, of, type Observable } from 'rxjs';
import type { DataSource } from './datasource.ts';
import type { Options, Query, VariableDataQuery } from './types.ts';
import { VariableEditor } from './VariableEditor.tsx';

type AnyDataSource = DataSourceApi<Query, Options>;
type EditorProps = QueryEditorProps<AnyDataSource, Query, Options, VariableDataQuery>;

const DEFAULT_QUERY: VariableQuery = { kind: 'services' };

/** Variables whose values the executable lists. */
export class DiagnosticsVariableSupport extends CustomVariableSupport<
  AnyDataSource,
  VariableDataQuery,
  Query,
  Options
> {
  override readonly editor: ComponentType<EditorProps>;
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    super();
    this.#dataSource = dataSource;
    this.editor = (props) => createElement(VariableEditor, { ...props, datasource: dataSource });
  }

  override getDefaultQuery(): Partial<Query> & VariableQuery {
    return DEFAULT_QUERY;
  }

  override query({ targets, scopedVars }: DataQueryRequest<VariableDataQuery>): Observable<DataQueryResponse> {
    const [target] = targets;
    if (target === undefined) return of({ data: [] });
    return from(this.#dataSource.variableValues({ ...DEFAULT_QUERY, ...target }, scopedVars)).pipe(
      map((data) => ({ data })),
    );
  }
}
