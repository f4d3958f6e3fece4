import { describe, expect, test } from '@jest/globals';
import { AnnotationEventFieldSource, CoreApp, FieldType, type AnnotationQuery, type DataFrame } from '@grafana/data';
import { HealthStatus } from '@grafana/runtime';
import { firstValueFrom } from 'rxjs';
import { annotationSupport } from '../datasource/annotation-support.ts';
import type { DataSource } from '../datasource/datasource.ts';
import { healthReports } from '../datasource/health-report.ts';
import type { Query, VariableDataQuery } from '../datasource/types.ts';
import type { DiagnosticsVariableSupport } from '../datasource/variable-support.ts';
import { request, startGrafana, UID } from './fake-grafana.ts';

const query = (more: Partial<Query>): Query => ({ refId: 'A', queryType: 'services', ...more });

describe('which queries are run', () => {
  const { dataSource } = startGrafana();
  test.each<[boolean, Partial<Query>]>([
    [true, {}],
    [false, { hide: true }],
    [false, { queryType: 'metric' }],
    [false, { queryType: 'metric', metric: '' }],
    [true, { queryType: 'metric', metric: 'cpu_usage' }],
    [false, { queryType: 'comparison' }],
    [false, { queryType: 'comparison', filter: { ids: [] } }],
    [true, { queryType: 'comparison', filter: { ids: ['cart'] } }],
    [false, { queryType: 'comparison', filter: { ids: ['cart'] }, hide: true }],
  ])('%s: %j', (expected, part) => {
    expect(dataSource.filterQuery(query(part))).toBe(expected);
  });

  test('a new panel shows the table of services, a new rule their scores', () => {
    expect(dataSource.getDefaultQuery(CoreApp.PanelEditor)).toEqual({ queryType: 'services', format: 'table' });
    expect(dataSource.getDefaultQuery(CoreApp.UnifiedAlerting)).toMatchObject({ format: 'numeric' });
  });

  test('a query is told in one line', () => {
    const filter = { statuses: ['failed' as const], around: { id: 'cart', depth: 2 }, min_score: 0 };
    expect(dataSource.getQueryDisplayText(query({ value: 'health_score', filter }))).toBe(
      'services health_score: status failed, score ≥ 0, within 2 of cart',
    );
  });
});

const variablesOf = ({ variables }: DataSource): DiagnosticsVariableSupport => variables as DiagnosticsVariableSupport;

describe('variables', () => {
  test('are asked of the executable, with other variables replaced', async () => {
    const { dataSource, backend } = startGrafana({ team: { value: ['a', 'b'], multi: true }, key: { value: 'zone' } });
    const values = [{ text: 'Cart', value: 'cart' }];
    backend.answer = () => values;
    const target = { refId: 'V', kind: 'label-values', label: '$key', filter: { ids: ['$team'] } } as const;
    const asked = { ...request([]), targets: [target] } as never;
    const response = await firstValueFrom(variablesOf(dataSource).query(asked));
    expect(response.data).toEqual(values);
    expect(backend.requests[0]).toMatchObject({
      method: 'POST',
      url: `/api/datasources/uid/${UID}/resources/variable-values`,
      data: { kind: 'label-values', label: 'zone', filter: { ids: ['a', 'b'] } },
    });
  });

  test('list services to begin with', async () => {
    const { dataSource, backend } = startGrafana();
    backend.answer = () => [];
    const targets = [{ refId: 'V' } as VariableDataQuery];
    await firstValueFrom(variablesOf(dataSource).query({ ...request([]), targets }));
    expect(backend.requests[0].data.kind).toBe('services');
  });
});

describe('annotations', () => {
  const lines: DataFrame = {
    length: 1,
    fields: [
      { name: 'timestamp', type: FieldType.time, config: {}, values: [1000] },
      { name: 'body', type: FieldType.string, config: {}, values: ['Cart is failed, was healthy'] },
      { name: 'severity', type: FieldType.string, config: {}, values: ['critical'] },
      { name: 'id', type: FieldType.string, config: {}, values: ['h5'] },
      {
        name: 'labels',
        type: FieldType.other,
        config: {},
        values: [{ type: 'health_change', resource_id: 'cart', team: 'core' }],
      },
    ],
  };
  const annotation = (more: Partial<AnnotationQuery<Query>> = {}): AnnotationQuery<Query> => ({
    name: 'x',
    enable: true,
    iconColor: 'red',
    ...more,
  });
  const events = (more?: Partial<AnnotationQuery<Query>>) =>
    firstValueFrom(annotationSupport.processEvents!(annotation(more), [lines]));

  test('are the events of the time range, asked once', () => {
    const target = query({ queryType: 'services', filter: { severities: ['critical'] } });
    expect(annotationSupport.prepareQuery!(annotation({ target }))).toEqual({
      refId: 'A',
      queryType: 'events',
      format: 'table',
      streaming: false,
      filter: { severities: ['critical'] },
    });
    expect(annotationSupport.prepareQuery!(annotation())!.queryType).toBe('events');
  });

  test('tell what happened, where and how bad it is', async () => {
    expect(await events()).toEqual([
      { time: 1000, title: 'health change', text: 'Cart is failed, was healthy', tags: ['critical', 'team:core'] },
    ]);
  });

  test('follow the mapping of their owner', async () => {
    const mappings = {
      title: { source: AnnotationEventFieldSource.Text, value: 'Health' },
      text: { source: AnnotationEventFieldSource.Field, value: 'severity' },
      tags: { source: AnnotationEventFieldSource.Skip },
    };
    expect(await events({ mappings })).toEqual([{ time: 1000, title: 'Health', text: 'critical', tags: [] }]);
  });
});

describe('the test of the data source', () => {
  const hops = [{ hop: 'bridge', state: 'ok', text: 'A bridge answers' }] as const;

  test('tells what the executable found, and keeps the hops', async () => {
    const { dataSource, backend } = startGrafana();
    backend.answer = () => ({ status: HealthStatus.OK, message: 'All well', details: { hops } });
    expect(await dataSource.testDatasource()).toMatchObject({ status: 'success', message: 'All well' });
    expect(await firstValueFrom(healthReports.of(UID))).toEqual({ message: 'All well', hops });
  });

  test('fails with the details', async () => {
    const { dataSource, backend } = startGrafana();
    const details = { hops, verboseMessage: '✗ bridge' };
    backend.answer = () => ({ status: HealthStatus.Error, message: 'No bridge', details });
    await expect(dataSource.testDatasource()).rejects.toMatchObject({ message: 'No bridge', error: { details } });
  });

  test('says so when the executable does not answer', async () => {
    const { dataSource, backend } = startGrafana();
    backend.answer = () => {
      throw new TypeError('Failed to fetch');
    };
    await expect(dataSource.testDatasource()).rejects.toMatchObject({
      message: expect.stringContaining('did not answer'),
    });
  });
});
