import { beforeEach, describe, expect, test } from '@jest/globals';
import { dateTime, LoadingState, type PanelData, type TimeRange } from '@grafana/data';
import { config, setDataSourceSrv, type DataSourceSrv } from '@grafana/runtime';
import { renderHook } from '@testing-library/react';
import { NEVER } from 'rxjs';
import { faultText } from '../../ui/faults.ts';
import { GrafanaSource } from '../../ui/grafana-source.ts';
import type { DiagnosticsSource } from '../../ui/source.ts';
import { sourceUid, useDiagnosticsSource } from '../../ui/use-source.ts';
import { request, settings, startGrafana, TYPE, UID, type FakeGrafana } from '../fake-grafana.ts';
import { services } from '../frames.ts';

let grafana: FakeGrafana;
let source: DiagnosticsSource;
const to = dateTime();
const range: TimeRange = { from: dateTime(to).subtract(1, 'h'), to, raw: { from: 'now-1h', to: 'now' } };
const never = new AbortController().signal;

beforeEach(() => {
  grafana = startGrafana();
  setDataSourceSrv({
    get: async () => grafana.dataSource,
    getInstanceSettings: (reference: { uid: string }) =>
      reference.uid === 'other' ? { ...settings(), uid: 'other', type: 'prometheus' } : settings(),
  } as unknown as DataSourceSrv);
  source = new GrafanaSource(UID);
});

describe('one answer of the data source', () => {
  test('frames come under the numbers of their queries, and no channel is opened', async () => {
    grafana.backend.answerQueries(() => ({
      Q0: { frames: [services({ cart: 61 }, 'services/abc')] },
      Q1: { frames: [services({ web: 97 })] },
    }));
    const frames = await source.query(
      [{ queryType: 'services', filter: { ids: ['cart'] } }, { queryType: 'services' }],
      range,
      never,
    );
    expect(frames.map(({ refId, fields }) => [refId, fields[0].values[0]])).toEqual([
      ['Q0', 'cart'],
      ['Q1', 'web'],
    ]);
    expect(grafana.backend.queries).toHaveLength(1);
    const [[first, second]] = grafana.backend.queries;
    expect(first).toMatchObject({ refId: 'Q0', queryType: 'services', filter: { ids: ['cart'] }, streaming: false });
    expect(first['live']).toBeUndefined();
    expect(second).toMatchObject({ refId: 'Q1', datasource: { uid: UID, type: TYPE } });
    expect(grafana.live.opened).toHaveLength(0);
  });

  test('two requests have ids of their own, for Grafana ends one of the same id', async () => {
    grafana.backend.answerQueries(() => ({ Q0: { frames: [services({})] } }));
    await Promise.all([
      source.query([{ queryType: 'services' }], range, never),
      new GrafanaSource(UID).query([{ queryType: 'events' }], range, never),
    ]);
    const ids = grafana.backend.requests.map(({ requestId, url }) => requestId ?? url);
    expect(new Set(ids).size).toBe(2);
  });

  test('a query that fails rejects with its message, whatever the others gave', async () => {
    grafana.backend.answerQueries(() => ({
      Q0: { frames: [services({ cart: 61 })] },
      Q1: { error: 'There is no metric "x" of scope service', status: 400 },
    }));
    const asked = source.query([{ queryType: 'services' }, { queryType: 'metric', metric: 'x' }], range, never);
    await expect(asked).rejects.toThrow('There is no metric "x" of scope service');
  });

  test('an aborted one rejects with the reason of the signal, before and while it waits', async () => {
    const aborted = new AbortController();
    aborted.abort(new Error('Closed'));
    await expect(source.query([{ queryType: 'services' }], range, aborted.signal)).rejects.toThrow('Closed');
    expect(grafana.backend.requests).toHaveLength(0);

    const waiting = new AbortController();
    const isSent = Promise.withResolvers<undefined>();
    grafana.dataSource.query = () => {
      isSent.resolve(undefined);
      return NEVER;
    };
    const sent = source.query([{ queryType: 'services' }], range, waiting.signal);
    await isSent.promise;
    // One more that looks for its data source while the abort comes.
    const unsent = source.query([{ queryType: 'services' }], range, waiting.signal);
    waiting.abort(new Error('Another subject'));
    await expect(sent).rejects.toThrow('Another subject');
    await expect(unsent).rejects.toThrow('Another subject');
  });
});

describe('resources', () => {
  test('a refresh is posted, and the connection read', async () => {
    const connection = { state: 'polling', seq: 7 };
    grafana.backend.answer = ({ url }) => (url.endsWith('/connection') ? connection : { epoch: 'e', seq: 8 });
    await source.refresh();
    expect(await source.connection()).toEqual(connection);
    const asked = grafana.backend.requests.map(({ method, url }) => [method, url]);
    expect(asked).toEqual([
      ['POST', `/api/datasources/uid/${UID}/resources/refresh`],
      ['GET', `/api/datasources/uid/${UID}/resources/connection`],
    ]);
  });

  test('a refusal tells the words of whoever refused', async () => {
    grafana.backend.answer = () => {
      const refusal = { status: 403, statusText: 'Forbidden', data: { message: 'The token may not write' } };
      throw Object.assign(new Error(''), refusal);
    };
    await expect(source.refresh()).rejects.toThrow('The token may not write');
  });

  test.each([
    [new Error('It broke'), 'It broke'],
    [{ statusText: 'Bad Gateway' }, 'Bad Gateway'],
    [{ message: 'Bad Gateway', data: { message: 'The bridge is away' } }, 'The bridge is away'],
    [Object.assign(new Error('Failed to fetch'), { data: { message: 'Unexpected error' } }), 'Failed to fetch'],
    ['Words', 'Words'],
    [undefined, 'The data source did not answer.'],
    [{}, 'The data source did not answer.'],
  ])('a fault in words: %p', (fault, text) => {
    expect(faultText(fault)).toBe(text);
  });
});

describe('whose data a panel shows', () => {
  const panelData = (...uids: string[]): PanelData => ({
    state: LoadingState.Done,
    series: [],
    timeRange: range,
    request: request(uids.map((uid) => ({ datasource: { uid, type: uid === 'other' ? 'prometheus' : TYPE } }))),
  });

  test('the first query of this data source counts, and those of others do not', () => {
    expect(sourceUid(panelData('other', 'live-1', 'live-2'))).toBe('live-1');
    expect(sourceUid(panelData('other'))).toBeUndefined();
    expect(sourceUid({})).toBeUndefined();
  });

  test('a reference by a variable is looked up', () => {
    expect(sourceUid(panelData('${source}'))).toBe(UID);
  });

  test('new data of the same data source is the same source, and another one another', () => {
    const { result, rerender } = renderHook((data: PanelData) => useDiagnosticsSource(data), {
      initialProps: panelData('live-1'),
    });
    const first = result.current;
    expect(first?.uid).toBe('live-1');
    rerender(panelData('live-1'));
    expect(result.current).toBe(first);
    rerender(panelData('live-2'));
    expect(result.current?.uid).toBe('live-2');
  });

  test('a public dashboard has none: its viewers may run the saved queries alone', () => {
    config.publicDashboardAccessToken = 'token';
    const { result } = renderHook(() => useDiagnosticsSource(panelData('live-1')));
    expect(result.current).toBeUndefined();
    config.publicDashboardAccessToken = '';
  });
});
