import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { config } from '@grafana/runtime';
import { LoadingState, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import type { Subscription } from 'rxjs';
import type { Query } from '../datasource/types.ts';
import { request, startGrafana, type FakeGrafana } from './fake-grafana.ts';
import { noticesOf, rowsOf, series, services, valuesOnly } from './frames.ts';

let grafana: FakeGrafana;
let packets: DataQueryResponse[];
let subscription: Subscription | undefined;

beforeEach(() => {
  jest.useFakeTimers();
  grafana = startGrafana();
  packets = [];
});
afterEach(() => {
  subscription?.unsubscribe();
  jest.useRealTimers();
});

function run(asked: DataQueryRequest<Query>): void {
  subscription = grafana.dataSource.query(asked).subscribe((packet) => packets.push(packet));
}
const last = (): DataQueryResponse => packets.at(-1)!;
const rows = (index = 0): unknown[][] => rowsOf(last().data[index]);
const notices = (): string[] => noticesOf(last().data[0]);
const wait = (ms: number): void => {
  jest.advanceTimersByTime(ms);
};
const answerWith = (scores: () => Record<string, number>): void =>
  grafana.backend.answerQueries(() => ({ A: { frames: [services(scores(), 'services/main')] } }));

describe('a table that is replaced', () => {
  beforeEach(() => answerWith(() => ({ cart: 90 })));

  test('is shown at once and goes on with each message', () => {
    run(request([{}]));
    expect(packets).toHaveLength(1);
    expect([last().state, rows()]).toEqual([LoadingState.Streaming, [['cart', 90]]]);
    grafana.live.channel('services/main').join(services({ cart: 80 }));
    wait(20);
    expect(rows()).toEqual([['cart', 80]]);
    grafana.live.channel('services/main').send(valuesOnly(services({ cart: 70, shop: 60 })));
    wait(20);
    expect(rows()).toEqual([
      ['cart', 70],
      ['shop', 60],
    ]);
    expect(last().data[0].refId).toBe('A');
  });

  test('loses its last row as well', () => {
    run(request([{}]));
    grafana.live.channel('services/main').join(services({ cart: 80 }));
    grafana.live.channel('services/main').send(valuesOnly(services({})));
    wait(20);
    expect(rows()).toEqual([]);
    expect(last().data[0].fields).toHaveLength(2);
  });

  test('does not show what the channel held before the answer', () => {
    const stop = grafana.live.getStream({ scope: 'ds' as never, stream: 'x', path: 'services/main' }).subscribe();
    grafana.live.channel('services/main').join(services({ old: 1 }));
    run(request([{}]));
    wait(20);
    expect(rows()).toEqual([['cart', 90]]);
    grafana.live.channel('services/main').send(valuesOnly(services({ cart: 50 })));
    wait(20);
    expect(rows()).toEqual([['cart', 50]]);
    stop.unsubscribe();
  });

  test('subscribes with the query, variables replaced and nothing of Grafana', () => {
    grafana = startGrafana({ team: { value: ['a', 'b'], multi: true } });
    answerWith(() => ({ cart: 90 }));
    run(request([{ format: 'table', filter: { ids: ['$team'], labels: [] }, streaming: true }]));
    expect(grafana.live.channel('services/main').address).toEqual({
      scope: 'ds',
      stream: 'live-1',
      namespace: 'live-1',
      path: 'services/main',
      data: { queryType: 'services', format: 'table', filter: { ids: ['a', 'b'] } },
    });
  });

  test('is joined by a refresh that comes back within seconds, and left afterwards', () => {
    run(request([{}]));
    grafana.live.channel('services/main').join(services({ cart: 80 }));
    subscription!.unsubscribe();
    wait(1000);
    run(request([{}]));
    expect(grafana.live.opened).toHaveLength(1);
    subscription!.unsubscribe();
    wait(6000);
    expect(grafana.live.opened[0].subscribers).toBe(0);
  });
});

test('nodes and edges of one state make one packet', () => {
  grafana.backend.answerQueries(() => ({
    A: { frames: [services({ a: 1 }, 'topology/nodes'), services({ ab: 1 }, 'topology/edges')] },
  }));
  run(request([{ queryType: 'topology' }]));
  for (const part of ['nodes', 'edges']) grafana.live.channel(`topology/${part}`).join(services({ [part]: 2 }));
  wait(20);
  const before = packets.length;
  grafana.live.channel('topology/nodes').send(services({ a: 3 }));
  grafana.live.channel('topology/edges').send(services({ ab: 3 }));
  wait(20);
  expect(packets).toHaveLength(before + 1);
  expect([rows(0), rows(1)]).toEqual([[['a', 3]], [['ab', 3]]]);
});

test('targets that stream and targets that do not come together, under one key', () => {
  grafana.backend.answerQueries(() => ({
    A: { frames: [services({ fixed: 1 })] },
    B: { frames: [services({ cart: 90 }, 'services/main')] },
  }));
  run(request([{ streaming: false }, {}]));
  grafana.live.channel('services/main').join(services({ cart: 10 }));
  wait(20);
  expect([rows(0), rows(1)]).toEqual([[['fixed', 1]], [['cart', 10]]]);
  expect(new Set(packets.map(({ key }) => key)).size).toBe(1);
  expect(packets.every(({ data }) => data.length === 2)).toBe(true);
});

describe('a series that is added to', () => {
  const start = Date.UTC(2026, 0, 1);
  const at = (s: number, value: number): [number, number] => [start + s * 1000, value];
  beforeEach(() =>
    grafana.backend.answerQueries(() => ({ A: { frames: [series([at(0, 1), at(5, 2)], 'health-history/main')] } })),
  );
  const channel = () => grafana.live.channel('health-history/main');
  const go = (): void => {
    run(request([{ queryType: 'health-history' }]));
    channel().join(series([at(5, 2)]));
  };

  test('gets each row once', () => {
    go();
    channel().send(valuesOnly(series([at(10, 3)])));
    wait(20);
    expect(rows()).toEqual([at(0, 1), at(5, 2), at(10, 3)]);
  });

  test('draws one line although its rows come out of step', () => {
    const stepped = series([at(0, 1), at(5, 2)], 'health-history/main');
    stepped.schema!.fields[0].config = { interval: 5000 };
    grafana.backend.answerQueries(() => ({ A: { frames: [stepped] } }));
    go();
    expect(last().data[0].fields[0].config.interval).toBe(5000);
    channel().send(valuesOnly(series([at(11, 3)])));
    wait(20);
    expect(last().data[0].fields[0].config.interval).toBeUndefined();
  });

  test('loses rows older than the time range', () => {
    go();
    channel().send(valuesOnly(series([at(3602, 3)])));
    wait(20);
    expect(rows()).toEqual([at(5, 2), at(3602, 3)]);
  });

  test('is asked anew when its stream was left for a moment', () => {
    go();
    wait(20);
    channel().join(series([at(20, 4)]));
    wait(1000);
    expect(grafana.backend.queries).toHaveLength(2);
    expect(notices()).toEqual([]);
  });

  test('goes on although the stream names its labels in another order', () => {
    const labelled = (labels: Record<string, string>, points: [number, number][], path?: string) => {
      const message = series(points, path);
      message.schema!.fields[1].labels = labels;
      return message;
    };
    const answered = labelled({ id: 'cart', team: 'core' }, [at(0, 1)], 'health-history/main');
    grafana.backend.answerQueries(() => ({ A: { frames: [answered] } }));
    run(request([{ queryType: 'health-history' }]));
    channel().join(labelled({ team: 'core', id: 'cart' }, [at(5, 2)]));
    wait(2000);
    expect(rows()).toEqual([at(0, 1), at(5, 2)]);
    expect(grafana.backend.queries).toHaveLength(1);
  });

  test('knows an event again by all but its id', () => {
    const withId = (id: string, s: number, path?: string) => {
      const message = series([at(s, 1)], path);
      message.schema!.fields.push({ name: 'id', type: 'string' as never });
      message.data!.values.push([id]);
      return message;
    };
    grafana.backend.answerQueries(() => ({ A: { frames: [withId('h7', 0, 'events/main')] } }));
    run(request([{ queryType: 'events' }]));
    grafana.live.channel('events/main').send(withId('epoch.12', 0));
    grafana.live.channel('events/main').send(withId('epoch.13', 1));
    wait(20);
    expect(rows().map((row) => row[2])).toEqual(['h7', 'epoch.13']);
  });

  test('is asked anew when its columns change', () => {
    go();
    channel().send(series([at(10, 3)], undefined, 'another'));
    wait(1020);
    expect(grafana.backend.queries).toHaveLength(2);
    expect(rows()).toEqual([at(0, 1), at(5, 2)]);
  });

  test('says nothing of an interruption while it just has no new rows', () => {
    go();
    wait(120_000);
    expect(grafana.backend.queries).toHaveLength(1);
    expect(notices()).toEqual([]);
  });
});

describe('while Grafana Live is cut', () => {
  let score: number;
  beforeEach(() => {
    score = 90;
    answerWith(() => ({ cart: score }));
  });

  test('a moment passes unnoticed', () => {
    run(request([{}]));
    grafana.live.connection.next(false);
    wait(2000);
    grafana.live.connection.next(true);
    wait(20);
    expect([grafana.backend.queries.length, notices()]).toEqual([1, []]);
  });

  test('queries are asked every 5 s, the frames say so, and the stream is taken up again', () => {
    run(request([{}]));
    grafana.live.channel('services/main').join(services({ cart: 90 }));
    grafana.live.connection.next(false);
    score = 40;
    wait(3020);
    expect(rows()).toEqual([['cart', 40]]);
    expect(notices()).toEqual(['Grafana Live is not connected. Queried every 5 s until it is back.']);
    wait(10_000);
    expect(grafana.backend.queries).toHaveLength(4);
    expect(last().state).toBe(LoadingState.Streaming);

    grafana.live.connection.next(true);
    grafana.live.channel('services/main').join(services({ cart: 30 }));
    wait(20);
    expect([rows(), notices()]).toEqual([[['cart', 30]], []]);
    const asked = grafana.backend.queries.length;
    wait(10_000);
    expect(grafana.backend.queries).toHaveLength(asked);
  });

  test('a page that opens without it shows its data at once', () => {
    grafana.live.connection.next(false);
    run(request([{}]));
    expect([rows(), notices()]).toEqual([[['cart', 90]], []]);
    wait(3020);
    expect(notices()).toHaveLength(1);
  });

  test('a Grafana without Live is polled from the start', () => {
    config.liveEnabled = false;
    run(request([{}]));
    wait(20);
    expect(notices()).toEqual(['Grafana Live is not connected. Queried every 5 s until it is back.']);
    score = 10;
    wait(5020);
    expect(rows()).toEqual([['cart', 10]]);
  });

  test('polling has its own request ids and the time range of now', () => {
    run(request([{}]));
    grafana.live.connection.next(false);
    wait(3020);
    const [first, second] = grafana.backend.requests;
    expect(second.requestId).not.toBe(first.requestId);
    expect(Number(second.data.to) - Number(first.data.to)).toBe(3000);
    wait(5000);
    expect(new Set(grafana.backend.requests.map(({ requestId }) => requestId)).size).toBe(3);
  });
});

describe('a stream that dies', () => {
  beforeEach(() => answerWith(() => ({ cart: 90 })));
  const channel = () => grafana.live.channel('services/main');
  const go = (): void => {
    run(request([{}]));
    channel().join(services({ cart: 80 }));
    wait(20);
  };

  test.each<[string, () => void, string]>([
    ['with an error', () => channel().fail('no such plugin'), 'no such plugin'],
    ['by being ended', () => channel().end(), 'the stream was ended'],
    ['by breaking off', () => channel().events.error(new Error('broken')), 'broken'],
  ])('%s keeps its rows, says so, and is subscribed to anew', (_how, die, reason) => {
    go();
    die();
    wait(20);
    expect(rows()).toEqual([['cart', 80]]);
    expect(notices()).toEqual([`The stream is interrupted (${reason}). Queried every 5 s until it is back.`]);
    wait(5000);
    expect(grafana.live.opened).toHaveLength(2);
    channel().join(services({ cart: 70 }));
    wait(20);
    expect([rows(), notices()]).toEqual([[['cart', 70]], []]);
  });

  test('silently is noticed, and polled until it speaks', () => {
    go();
    wait(15_020);
    expect(notices()).toHaveLength(1);
    wait(1000);
    expect(grafana.backend.queries).toHaveLength(2);
    wait(6020);
    expect(grafana.backend.queries).toHaveLength(3);
    channel().send(services({ cart: 60 }));
    wait(20);
    expect([rows(), notices()]).toEqual([[['cart', 60]], []]);
  });
});

describe('a query that fails', () => {
  test('is tried again, and then goes on live', () => {
    grafana.backend.answerQueries(() => ({ A: { error: 'The bridge cannot be reached', status: 502 } }));
    run(request([{}]));
    expect(last().state).toBe(LoadingState.Error);
    expect(last().errors![0].message).toBe('The bridge cannot be reached');
    answerWith(() => ({ cart: 90 }));
    wait(5020);
    expect([last().state, last().errors, rows()]).toEqual([LoadingState.Streaming, undefined, [['cart', 90]]]);
    expect(grafana.live.opened).toHaveLength(1);
  });

  test('is not tried again when it can never be answered', () => {
    grafana.backend.answerQueries(() => ({ A: { error: 'This is no expression', status: 400 } }));
    run(request([{}]));
    wait(60_000);
    expect(grafana.backend.queries).toHaveLength(1);
    expect(subscription!.closed).toBe(true);
  });

  test('leaves the rows of before where they are', () => {
    answerWith(() => ({ cart: 90 }));
    run(request([{}]));
    grafana.live.connection.next(false);
    grafana.backend.answerQueries(() => ({ A: { error: 'Gone', status: 502 } }));
    wait(3020);
    expect(last().state).toBe(LoadingState.Error);
    expect(rows()).toEqual([['cart', 90]]);
  });

  test('because Grafana cannot be reached leaves the rows as well, and says so', () => {
    answerWith(() => ({ cart: 90 }));
    run(request([{}]));
    grafana.live.connection.next(false);
    grafana.backend.answer = () => {
      throw new TypeError('Failed to fetch');
    };
    wait(3020);
    expect(last().errors![0].message).toBe('Grafana did not answer the query');
    expect(rows()).toEqual([['cart', 90]]);
  });

  test('does not touch its neighbour', () => {
    grafana.backend.answerQueries(() => ({
      A: { error: 'This is no expression', status: 400 },
      B: { frames: [services({ cart: 90 }, 'services/main')] },
    }));
    run(request([{}, {}]));
    grafana.live.channel('services/main').join(services({ cart: 10 }));
    wait(20);
    expect(rows()).toEqual([['cart', 10]]);
    expect(last().errors!.map(({ refId }) => refId)).toEqual(['A']);
  });
});

test('nothing goes on after the panel has gone', () => {
  answerWith(() => ({ cart: 90 }));
  run(request([{}]));
  grafana.live.connection.next(false);
  wait(3020);
  subscription!.unsubscribe();
  const asked = grafana.backend.queries.length;
  wait(60_000);
  expect(grafana.backend.queries).toHaveLength(asked);
  expect(grafana.live.opened.every(({ subscribers }) => subscribers === 0)).toBe(true);
});
