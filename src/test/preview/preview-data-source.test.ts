import { describe, expect, test } from '@jest/globals';
import { LoadingState, rangeUtil, type DataFrame, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { FakeBridge, REFUSED } from '../../../backend-datasource/test/fake-bridge.ts';
import { service, snapshotOf } from '../../../backend-datasource/test/snapshots.ts';
import type { Query } from '../../panels/hosting/query.ts';
import { PreviewDataSource } from '../../preview/preview-data-source.ts';
import { refusalIn } from '../../preview/refusal.ts';
import { PREVIEW_SETTINGS } from '../../preview/stand-in.ts';
import { browserClock } from '../../ui/clock.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const clock = { ...browserClock, nowMs: () => NOW };
const two = snapshotOf([service('a'), service('b')]);

function started(bridge: FakeBridge, ...targets: Partial<Query>[]) {
  const source = new PreviewDataSource(PREVIEW_SETTINGS, { bridge, clock, renewMs: 60_000 });
  const range = rangeUtil.convertRawToRange({ from: 'now-1h', to: 'now' });
  const filled = targets.map((target, i) => ({ refId: `Q${i}`, format: 'table', ...target }) as Query);
  const request = {
    requestId: 'r',
    targets: filled,
    range,
    rangeRaw: range.raw,
    intervalMs: 1000,
  } as DataQueryRequest<Query>;
  const answers: DataQueryResponse[] = [];
  let isComplete = false;
  const subscription = source
    .query(request)
    .subscribe({ next: (answer) => answers.push(answer), complete: () => (isComplete = true) });
  return { source, answers, subscription, isComplete: () => isComplete };
}
const later = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const shapes = ({ state, data }: DataQueryResponse) => [
  state,
  (data as DataFrame[]).map(({ name, refId, length }) => [name, refId, length]),
];

describe('the data source of the page', () => {
  test('tells the connection at once, the rest when data comes, and goes on with each state', async () => {
    const bridge = new FakeBridge();
    const { answers, subscription } = started(bridge, { queryType: 'connection' }, { queryType: 'services' });
    await later();
    expect(answers.map(shapes)).toEqual([[LoadingState.Loading, [['connection', 'Q0', 1]]]]);
    bridge.receive(two, NOW);
    await later(250);
    bridge.receive(snapshotOf(two.services.slice(1)), NOW, 2);
    await later(250);
    expect(answers.slice(1).map(shapes)).toEqual(
      [2, 1].map((rows) => [
        LoadingState.Streaming,
        [
          ['connection', 'Q0', 1],
          ['services', 'Q1', rows],
        ],
      ]),
    );
    subscription.unsubscribe();
    expect(bridge.listeners).toBe(0);
  });

  test('shows a burst of states as one', async () => {
    const bridge = new FakeBridge();
    bridge.receive(two, NOW);
    const { answers, subscription } = started(bridge, { queryType: 'services' });
    await later();
    for (let seq = 2; seq < 40; seq += 1) bridge.receive(two, NOW, seq);
    await later(500);
    expect(answers.length).toBeLessThanOrEqual(3);
    subscription.unsubscribe();
  });

  test('keeps what it has, with its age, when the bridge is lost', async () => {
    const bridge = new FakeBridge();
    bridge.receive(two, NOW);
    bridge.lose();
    const { answers, subscription } = started(bridge, { queryType: 'services' });
    await later();
    expect(shapes(answers[0])).toEqual([LoadingState.Streaming, [['services', 'Q0', 2]]]);
    expect((answers[0].data[0] as DataFrame).meta?.notices?.[0]?.text).toMatch(/Nothing listens .* s old/);
    subscription.unsubscribe();
  });

  test('one target that fails leaves the others alone', async () => {
    const bridge = new FakeBridge();
    bridge.receive(two, NOW);
    const { answers, subscription } = started(
      bridge,
      { queryType: 'services' },
      { queryType: 'metric', metric: 'nothing' },
    );
    await later();
    expect(shapes(answers[0])).toEqual([LoadingState.Error, [['services', 'Q0', 2]]]);
    expect(answers[0].errors).toEqual([{ refId: 'Q1', message: expect.stringContaining('nothing') }]);
    subscription.unsubscribe();
  });

  test('answers once, and completes, what wants no stream', async () => {
    const bridge = new FakeBridge();
    const { answers, isComplete } = started(bridge, { queryType: 'services', streaming: false });
    await later();
    expect(answers).toEqual([]);
    bridge.receive(two, NOW);
    await later();
    expect(answers.map(shapes)).toEqual([[LoadingState.Done, [['services', 'Q0', 2]]]]);
    expect([isComplete(), bridge.listeners]).toEqual([true, 0]);
  });

  test('has the resources that panels ask for', async () => {
    const bridge = new FakeBridge({ refresh: async () => ({ epoch: 'e', seq: 9 }) as never });
    bridge.receive(two, NOW);
    const { source, subscription } = started(bridge, { queryType: 'connection' });
    expect(await source.getResource('connection')).toMatchObject({ state: 'websocket', seq: 1 });
    expect(await source.getResource('topology/search', { q: 'b' })).toMatchObject([{ id: 'b' }]);
    expect(await source.postResource('refresh')).toMatchObject({ seq: 9 });
    await expect(source.getResource('bridge/x')).rejects.toThrow('no resource');
    subscription.unsubscribe();
  });
});

test('a person is asked for a token when one would help, and for nothing else', () => {
  const at = (code: string) => {
    const bridge = new FakeBridge();
    bridge.lose({ fault: { ...REFUSED, code } });
    return bridge.state();
  };
  expect(refusalIn(at('UNAUTHENTICATED'), false)).toBe('needed');
  expect(refusalIn(at('UNAUTHENTICATED'), true)).toBe('refused');
  expect(refusalIn(at('AUTH_EXPIRED'), true)).toBe('expired');
  expect(refusalIn(at('FORBIDDEN_SCOPE'), true)).toBe('forbidden');
  expect(refusalIn(at('CONNECTION_REFUSED'), true)).toBeUndefined();
  expect(refusalIn(new FakeBridge().state(), false)).toBeUndefined();
});
