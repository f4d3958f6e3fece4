import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  CoreApp,
  DataQueryErrorType,
  LoadingState,
  type DataQueryRequest,
  type DataQueryResponse,
} from '@grafana/data';
import { config } from '@grafana/runtime';
import type { Subscription } from 'rxjs';
import type { Query } from '../datasource/types.ts';
import { request, startGrafana, type FakeGrafana } from './fake-grafana.ts';
import { services } from './frames.ts';

let grafana: FakeGrafana;

beforeEach(() => {
  grafana = startGrafana();
});

function run(asked: DataQueryRequest<Query>): void {
  grafana.dataSource.query(asked).subscribe().unsubscribe();
}

describe('what is asked', () => {
  const liveOf = (target: Partial<Query>, more: Partial<DataQueryRequest<Query>> = {}): unknown => {
    run(request([target], more));
    return grafana.backend.queries.at(-1)![0].live;
  };
  const past = { rangeRaw: { from: 'now-2h', to: 'now-1h' } };

  test('a panel asks to go on live', () => expect(liveOf({})).toBe(true));
  test('not when its switch is off', () => expect(liveOf({ streaming: false })).toBeUndefined());
  test('not for an alert rule', () => expect(liveOf({}, { app: CoreApp.UnifiedAlerting })).toBeUndefined());
  test('a saved mark is worth nothing', () => expect(liveOf({ streaming: false, live: true })).toBeUndefined());
  test('not for a series that has ended', () => expect(liveOf({ queryType: 'health-history' }, past)).toBeUndefined());
  test('not for what was expected, which no state carries', () => {
    expect(liveOf({ queryType: 'metric', metric: 'cpu_usage', bands: true })).toBeUndefined();
    expect(liveOf({ queryType: 'metric', metric: 'cpu_usage' }, { rangeRaw: { from: 'now-1h', to: 'now' } })).toBe(
      true,
    );
  });
  test('not for a comparison with the past', () => {
    expect(liveOf({ queryType: 'comparison', filter: { ids: ['cart'] } })).toBeUndefined();
  });
  test('for the present whatever the time range', () => expect(liveOf({ queryType: 'topology' }, past)).toBe(true));

  test('not beside an expression', () => {
    run(request([{}, { datasource: { type: '__expr__', uid: '__expr__' } }]));
    expect(grafana.backend.queries[0].map((query) => query.live)).toEqual([undefined, undefined]);
  });

  test('a public dashboard is answered by the server alone', () => {
    config.publicDashboardAccessToken = 'abc';
    run(request([{}]));
    expect(grafana.backend.queries).toEqual([]);
    expect(grafana.live.opened).toEqual([]);
  });
});

test('answers without a mark are final', () => {
  jest.useFakeTimers();
  const packets: DataQueryResponse[] = [];
  grafana.backend.answerQueries(() => ({ A: { frames: [services({ cart: 1 })] } }));
  const subscription = grafana.dataSource.query(request([{}])).subscribe((packet) => packets.push(packet));
  jest.advanceTimersByTime(20);
  jest.useRealTimers();
  expect(packets.at(-1)!.state).toBe(LoadingState.Done);
  expect(subscription.closed).toBe(true);
});

/** As Grafana's backend service answers what was cancelled. */
const CANCELLED = { type: DataQueryErrorType.Cancelled, cancelled: true, data: null, status: -1 };

describe.each<[string, () => unknown]>([
  ['is empty', () => ({ results: {} })],
  [
    'was cancelled',
    () => {
      throw CANCELLED as unknown as Error;
    },
  ],
])('a request whose answer %s', (_name, lost) => {
  let packets: DataQueryResponse[];
  let subscription: Subscription;
  beforeEach(() => {
    jest.useFakeTimers();
    packets = [];
    const found = () => ({ results: { A: { frames: [services({ cart: 1 })] } } });
    grafana.backend.answer = () => (grafana.backend.requests.length === 1 ? lost() : found());
    subscription = grafana.dataSource.query(request([{}])).subscribe((packet) => packets.push(packet));
  });
  afterEach(() => {
    subscription.unsubscribe();
    jest.useRealTimers();
  });

  test('tells nothing at once: it may come in the middle of a reducer', () => {
    expect(packets).toEqual([]);
  });

  test('is asked again under another name', () => {
    jest.advanceTimersByTime(20);
    const [first, second] = grafana.backend.requests;
    expect(second.requestId).not.toBe(first.requestId);
    expect(packets.at(-1)!.data).toHaveLength(1);
    expect(grafana.backend.requests).toHaveLength(2);
  });

  test('is let be when nobody listens any more', () => {
    subscription.unsubscribe();
    jest.advanceTimersByTime(60_000);
    expect(grafana.backend.requests).toHaveLength(1);
  });
});
