import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createTheme, dateTime, type TimeRange } from '@grafana/data';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Graph } from '../../../panels/topology/graph.ts';
import { isGraph, readGraph } from '../../../panels/topology/model/read-graph.ts';
import type { Replayed } from '../../../panels/topology/replay/replayed.ts';
import { TimeSlider } from '../../../panels/topology/replay/TimeSlider.tsx';
import { ClockContext } from '../../../ui/clock.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { framesOf } from '../../ui/data-frames.ts';
import { FakeClock } from '../../ui/fake-clock.ts';
import { FakeSource } from '../../ui/fake-source.ts';
import { HOUR_MS, NOW_MS, SHOP } from '../../ui/shop.ts';

const ids = TEST_IDS.topology;
const MINUTE_MS = 60_000;

const [from, to] = [dateTime(NOW_MS - HOUR_MS), dateTime(NOW_MS)];
const LIVE: TimeRange = { from, to, raw: { from: 'now-1h', to: 'now' } };
const FIXED: TimeRange = { from, to, raw: { from, to } };

function shopGraph(): Graph {
  const frames = framesOf(SHOP, { queryType: 'topology' }, 'A');
  const reading = readGraph(frames, { theme: createTheme() });
  if (!isGraph(reading)) throw new Error(reading.problem);
  return reading;
}

function start(timeRange: TimeRange = LIVE, source = new FakeSource()) {
  const clock = new FakeClock(NOW_MS);
  // Grafana reads what `now-1h` means from the machine's own clock.
  jest.spyOn(Date, 'now').mockImplementation(() => clock.nowMs());
  const onReplay = jest.fn<(replayed: Replayed | undefined) => void>();
  const onSelect = jest.fn<(id: string) => void>();
  const graph = shopGraph();
  const view = render(
    <ClockContext.Provider value={clock}>
      <TimeSlider
        source={source}
        timeRange={timeRange}
        graph={graph}
        replayed={undefined}
        onReplay={onReplay}
        onSelect={onSelect}
        width={800}
        timeZone="utc"
      />
    </ClockContext.Provider>,
  );
  const user = userEvent.setup();
  return {
    clock,
    source,
    onSelect,
    user,
    unmount: view.unmount,
    advance: (ms: number) => act(() => clock.advance(ms)),
    open: async () => {
      await user.click(screen.getByTestId(ids.replayOpen));
      return screen.findByTestId(ids.replaySlider);
    },
    /** What the panel shows; undefined: now. */
    get replayed(): Replayed | undefined {
      return onReplay.mock.lastCall?.[0];
    },
    minutesAgo: () => (NOW_MS - (onReplay.mock.lastCall?.[0]?.atMs ?? NaN)) / MINUTE_MS,
  };
}
afterEach(() => void jest.restoreAllMocks());
type Started = ReturnType<typeof start>;

const chip = (): string | null => screen.getByTestId(ids.replayChip).textContent;
const press = (key: string): void => void fireEvent.keyDown(screen.getByTestId(ids.replaySlider), { key });
const slideTo = (minutesAgo: number): void =>
  void fireEvent.change(screen.getByTestId(ids.replaySlider), { target: { value: String(120 - minutesAgo * 2) } });

describe('closed', () => {
  test('it asks nothing, whatever time passes', async () => {
    const { source, advance } = start();
    await advance(MINUTE_MS);
    expect(source.asked).toEqual([]);
    expect(screen.getByTestId(ids.replayOpen).textContent).toContain('Live');
  });
});

describe('opened', () => {
  test('it asks for statuses of all nodes, changes of health and traffic, and shows now', async () => {
    const started = start();
    const slider = await started.open();
    await waitFor(() => expect(started.source.asked.length).toBe(6));
    const queries = started.source.asked.flatMap(({ queries }) => queries);
    const history = queries.filter(({ queryType }) => queryType === 'health-history');
    expect(history).toHaveLength(2);
    expect(history[0]).toMatchObject({ value: 'status_code', limit: 7 });
    expect(history[0].filter?.ids).toHaveLength(7);
    expect(queries.filter(({ queryType }) => queryType === 'events')).toHaveLength(1);
    expect(queries.flatMap(({ metric = [] }) => metric)).toEqual(['error_rate', 'request_rate', 'latency_p95']);
    expect(chip()).toBe('Live');
    expect(started.replayed).toBeUndefined();
    expect(slider.getAttribute('aria-valuetext')).toBe('Live: the panel shows now');
    expect(screen.getByTestId(ids.replayStrip).getAttribute('aria-label')).toContain('worst at 11:55:00 (failed: 7');
  });

  test('it shows how each node fared at a time, and says that it is not now', async () => {
    const started = start();
    const slider = await started.open();
    slideTo(8);
    expect(started.minutesAgo()).toBe(8);
    expect(started.replayed?.statusOf('cart')).toBe('degraded');
    expect(chip()).toBe('Replay 11:52:00');
    expect(slider.getAttribute('aria-valuetext')).toBe('11:52:00, failed: 0, degraded: 7, unknown: 0');
    expect(screen.getByTestId(ids.replayCount('degraded')).textContent).toBe('7');
    expect(screen.getByTestId(ids.replayFrame)).toBeTruthy();
    slideTo(40);
    expect(started.replayed?.statusOf('cart')).toBe('healthy');
  });

  test('what nobody knew then is unknown', async () => {
    const started = start();
    await started.open();
    slideTo(25);
    expect(started.replayed?.statusOf('cart')).toBe('unknown');
    expect(started.replayed?.statusOf('stranger')).toBeUndefined();
    expect(screen.getByTestId(ids.replayCount('unknown')).textContent).toBe('7');
  });

  test('edges tell of their traffic then, or of what they lead to', async () => {
    const started = start();
    await started.open();
    await waitFor(() => expect(started.source.asked.length).toBe(6));
    slideTo(40);
    await waitFor(() => expect(started.replayed?.edgeStatusOf?.('', 'web', 'cart')).toBe('healthy'));
    expect(started.replayed?.edgeStatusOf?.('', 'cart', 'web')).toBe('unknown');
    slideTo(2);
    expect(started.replayed?.edgeStatusOf?.('', 'web', 'cart')).toBe('failed');
  });

  test('it goes back to now by its button, by its end and by being closed', async () => {
    const started = start();
    await started.open();
    slideTo(8);
    await started.user.click(screen.getByTestId(ids.replayLive));
    expect(started.replayed).toBeUndefined();
    expect(screen.queryByTestId(ids.replayFrame)).toBeNull();
    press('ArrowLeft');
    expect(started.minutesAgo()).toBe(0);
    press('End');
    expect(started.replayed).toBeUndefined();
    slideTo(8);
    await started.user.click(screen.getByTestId(ids.replayClose));
    expect(started.replayed).toBeUndefined();
    expect(screen.getByTestId(ids.replayOpen)).toBeTruthy();
  });
});

describe('moving through time', () => {
  let started: Started;
  beforeEach(async () => {
    started = start();
    await started.open();
  });

  test('by keys: steps, pages, both ends', () => {
    press('ArrowLeft');
    press('ArrowLeft');
    expect(started.minutesAgo()).toBe(0.5);
    press('PageDown');
    expect(started.minutesAgo()).toBe(6.5);
    press('PageUp');
    press('Home');
    expect(started.minutesAgo()).toBe(60);
    press('ArrowRight');
    expect(started.minutesAgo()).toBe(59.5);
  });

  test('from change to change', async () => {
    const previous = screen.getByTestId(ids.replayPrevious);
    const times: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      await started.user.click(previous);
      times.push(started.minutesAgo());
    }
    // The step that ends at the change to unknown was healthy for some of its time.
    expect(times).toEqual([5, 10, 20, 29.5]);
    expect(previous.getAttribute('aria-disabled')).toBe('true');
    await started.user.click(screen.getByTestId(ids.replayNext));
    expect(started.minutesAgo()).toBe(20);
  });

  test('by itself, at the speed that is chosen, until it is now', async () => {
    press('Home');
    press(' ');
    expect(screen.getByTestId(ids.replayPlay).getAttribute('aria-label')).toBe('Pause');
    await started.advance(3_000);
    expect(started.minutesAgo()).toBe(59.5);
    await started.user.click(screen.getByTestId(ids.replaySpeed));
    await started.advance(500);
    expect(started.minutesAgo()).toBe(59);
    press(' ');
    await started.advance(60_000);
    expect(started.minutesAgo()).toBe(59);
    slideTo(2);
    press(' ');
    for (let step = 0; step < 5; step += 1) await started.advance(500);
    expect(started.replayed).toBeUndefined();
    expect(chip()).toBe('Live');
    expect(screen.getByTestId(ids.replayPlay).getAttribute('aria-label')).toBe('Play');
  });
});

describe('a comparison', () => {
  test('lists what became worse, brings it out, and selects what is clicked', async () => {
    const started = start();
    await started.open();
    slideTo(40);
    await started.user.click(screen.getByTestId(ids.replayPin));
    expect(screen.getByTestId(ids.replayChanges).textContent).toContain('from 11:20:00 to 11:20:00: 0');
    slideTo(8);
    const list = within(screen.getByTestId(ids.replayChanges));
    expect(list.getByText('What changed from 11:20:00 to 11:52:00: 7')).toBeTruthy();
    const rows = list.getAllByTestId(ids.replayChange);
    expect(rows).toHaveLength(7);
    expect(rows[0].textContent).toContain('Healthy → Degraded');
    expect(started.replayed?.changed?.has('cart')).toBe(true);
    await started.user.click(list.getByText('Cart'));
    expect(started.onSelect).toHaveBeenCalledWith('cart');
  });

  test('tells from the earlier time to the later, also with now', async () => {
    const started = start();
    await started.open();
    slideTo(8);
    await started.user.click(screen.getByTestId(ids.replayPin));
    slideTo(40);
    expect(screen.getByTestId(ids.replayChanges).textContent).toContain('from 11:20:00 to 11:52:00');
    press('End');
    const list = within(screen.getByTestId(ids.replayChanges));
    // Degraded then, and now: payments failed, cart as it was, the others better or unknown.
    expect(list.getByText('What changed from 11:52:00 to now: 6')).toBeTruthy();
    expect(list.getAllByTestId(ids.replayChange)[0].textContent).toContain('Degraded → Failed');
    await started.user.click(screen.getByTestId(ids.replayPin));
    expect(screen.queryByTestId(ids.replayChanges)).toBeNull();
  });
});

describe('what it asks', () => {
  test('of a range that ends now goes on with the end alone', async () => {
    const started = start();
    await started.open();
    await waitFor(() => expect(started.source.asked.length).toBe(6));
    await started.advance(10_000);
    const later = started.source.asked.slice(6);
    expect(later.map(({ queries: [{ queryType }] }) => queryType).sort()).toEqual(['events', 'health-history']);
    const [first] = later.filter(({ queries }) => queries[0].queryType === 'health-history');
    expect(first.range.from.valueOf()).toBe(NOW_MS - 30_000);
  });

  test('of a fixed range is asked once, and its end is not now', async () => {
    const started = start(FIXED);
    await started.open();
    await waitFor(() => expect(started.source.asked.length).toBe(6));
    await started.advance(MINUTE_MS);
    expect(started.source.asked).toHaveLength(6);
    press('Home');
    press('End');
    expect(started.minutesAgo()).toBe(0);
  });

  test('is called off when it is closed', async () => {
    const source = new FakeSource();
    source.before = () => new Promise<void>(() => undefined);
    const started = start(LIVE, source);
    await started.user.click(screen.getByTestId(ids.replayOpen));
    expect(screen.getByTestId(ids.replayState).textContent).toContain('Reading the history');
    expect(source.asked.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
    await started.user.click(screen.getByTestId(ids.replayClose));
    expect(source.asked.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
    await started.advance(MINUTE_MS);
    expect(source.asked).toHaveLength(3);
  });

  test('may be refused: the reason is told, and it is asked again on demand', async () => {
    const source = new FakeSource();
    source.before = () => Promise.reject(new Error('The bridge keeps no history'));
    const started = start(LIVE, source);
    await started.user.click(screen.getByTestId(ids.replayOpen));
    expect((await screen.findByRole('alert')).textContent).toContain('The bridge keeps no history');
    source.before = () => undefined;
    await started.user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByTestId(ids.replaySlider)).toBeTruthy();
  });

  test('of events and traffic alone may be refused, and the rest is shown', async () => {
    const source = new FakeSource();
    source.before = ([{ queryType }]) => {
      if (queryType !== 'health-history') throw new Error(`No ${queryType} here`);
    };
    const started = start(LIVE, source);
    await started.open();
    const bar = within(screen.getByTestId(ids.replayBar));
    expect(await bar.findByText('Events could not be read: No events here')).toBeTruthy();
    expect(await bar.findByText('Traffic could not be read: No metric here')).toBeTruthy();
    slideTo(8);
    expect(started.replayed?.statusOf('cart')).toBe('degraded');
  });
});
