import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { dateTime, type TimeRange } from '@grafana/data';
import { config } from '@grafana/runtime';
import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { ClockContext } from '../../ui/clock.ts';
import { DetailDrawer, type DetailDrawerProps } from '../../ui/detail/DetailDrawer.tsx';
import type { Subject } from '../../ui/detail/subject.ts';
import { REFETCH_MS } from '../../ui/detail/use-reading.ts';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeSource } from './fake-source.ts';
import { HOUR_MS, NOW_MS, SHOP } from './shop.ts';

const ids = TEST_IDS.drawer;
const CART: Subject = { kind: 'service', id: 'cart' };
const PAYMENTS: Subject = { kind: 'service', id: 'payments' };
const EDGE: Subject = { kind: 'edge', sourceId: 'cart', targetId: 'payments' };
const from = dateTime(NOW_MS - HOUR_MS);
const to = dateTime(NOW_MS);
const RANGE: TimeRange = { from, to, raw: { from, to } };

let source: FakeSource;
let clock: FakeClock;

beforeEach(() => {
  source = new FakeSource();
  clock = new FakeClock(NOW_MS + 12_000);
  config.exploreEnabled = true;
  config.bootData = { user: { permissions: { 'datasources:explore': true } } } as never;
});

const drawn = (subject: Subject, more: Partial<DetailDrawerProps> = {}) => (
  <ClockContext.Provider value={clock}>
    <DetailDrawer
      subject={subject}
      source={source}
      timeRange={RANGE}
      panelWidth={900}
      onClose={() => undefined}
      onSelect={() => undefined}
      {...more}
    />
  </ClockContext.Provider>
);
/** Lets all that was asked be answered. */
const settle = () =>
  act(async () => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  });
async function show(subject: Subject, more?: Partial<DetailDrawerProps>) {
  const view = render(drawn(subject, more));
  await settle();
  return view;
}
const text = (testId: string): string => screen.getByTestId(testId).textContent ?? '';
const found = (testId: string) => screen.findByTestId(testId);
const typesAsked = (): string[][] => source.asked.map(({ queries }) => queries.map(({ queryType }) => queryType));

describe('a service', () => {
  test('is told with name, type, labels, status, score and the age of the data', async () => {
    await show(CART);
    await found(ids.status);
    expect(await screen.findByRole('dialog', { name: 'Cart' })).toBeTruthy();
    expect(text(ids.status)).toBe('Degraded');
    expect(text(ids.score)).toBe('Score 61');
    expect(text(ids.labels)).toBe('servicenamespace shopteam core');
    expect(screen.getByText('Data age').textContent).toBe('Data age 12 s');
  });

  test('has each metric with its value, its line, what was expected, and where the anomaly began', async () => {
    await show(CART);
    const latency = await found(ids.metric('latency_p95'));
    expect(latency.textContent).toContain('Latency p951.90 s');
    await waitFor(() => expect(within(latency).getByRole('img')).toBeTruthy());
    expect(within(latency).getByRole('img').getAttribute('aria-label')).toMatch(
      /^Latency p95: last .* s, expected 280 ms to 520 ms$/,
    );
    expect(within(latency).getByTestId(TEST_IDS.ui.sparklineBand)).toBeTruthy();
    expect(within(latency).getAllByTestId(TEST_IDS.ui.sparklineOnset)).toHaveLength(1);
    // The anomaly of error_rate is of an edge, not of the service.
    const errors = screen.getByTestId(ids.metric('error_rate'));
    expect(within(errors).queryByTestId(TEST_IDS.ui.sparklineOnset)).toBeNull();
  });

  test('asks for the state in one request, for the history in another and for all metrics in a third', async () => {
    await show(CART);
    await found(ids.metric('cpu_usage'));
    await waitFor(() => expect(source.asked).toHaveLength(3));
    expect(typesAsked()).toEqual([
      ['services', 'anomalies', 'failing-dependencies', 'dependencies', 'services'],
      ['health-history'],
      ['metric', 'metric', 'metric', 'metric'],
    ]);
    expect(source.asked[2].queries[0]).toEqual({
      queryType: 'metric',
      metric: 'request_rate',
      scope: 'service',
      filter: { ids: ['cart'] },
      bands: true,
    });
  });

  test('has its anomalies worst first, with severity, message and causes', async () => {
    await show(CART);
    const cards = within(await found(ids.anomalies)).getAllByRole('listitem');
    expect(cards.map(({ textContent }) => textContent)).toEqual([
      'CriticalError ratefor 10 minerror_rate of Cart → Payments is 31 %, expected 0.4 %',
      'MediumLatency p95for 10 minlatency_p95 of Cart is 1.9 s, expected 0.3 s' +
        'Potential causes: Payments: error_rate is 31 %, expected 0.4 %',
    ]);
  });

  test('has what it depends on, worst first with what is wrong, and what uses it; a click goes there', async () => {
    const onSelect = jest.fn();
    await show(CART, { onSelect });
    const downstream = await found(ids.downstream);
    expect(
      within(downstream)
        .getAllByRole('button')
        .map(({ textContent }) => textContent),
    ).toEqual([expect.stringContaining('Payments'), expect.stringContaining('Cart database')]);
    expect(within(downstream).getByRole('img', { name: 'Failed' })).toBeTruthy();
    expect(downstream.textContent).toContain('error_rate is 31 %, expected 0.4 %');
    const upstream = screen.getByTestId(ids.upstream);
    expect(upstream.textContent).toContain('Used by (2)');
    expect(
      within(within(upstream).getByTestId(ids.neighbour('mobile'))).getByRole('img', { name: 'Unknown' }),
    ).toBeTruthy();
    await userEvent.setup().click(screen.getByTestId(ids.neighbour('payments')));
    expect(onSelect).toHaveBeenCalledWith('payments');
  });

  test('has its health over time in words', async () => {
    await show(CART);
    const strip = await within(await found(ids.health)).findByRole('img');
    expect(strip.getAttribute('aria-label')).toMatch(/^Health of Cart: last 22, lowest 22, unknown 1\d %$/);
  });

  test('of unknown health is neither well nor without a word', async () => {
    await show({ kind: 'service', id: 'mobile' });
    await found(ids.status);
    expect(text(ids.status)).toBe('Unknown');
    expect(screen.queryByTestId(ids.score)).toBeNull();
    expect(text(ids.anomalies)).toContain('no data to judge by');
    await waitFor(() =>
      expect(text(ids.metrics)).toContain('No data: Request rate, Error rate, Latency p95, Cpu usage'),
    );
  });

  test('leads to Explore, and nowhere for those who may not', async () => {
    const { unmount } = await show(CART);
    const link = await found(ids.explore('events'));
    expect(decodeURIComponent(link.getAttribute('href') ?? '')).toContain(
      '"queryType":"events","filter":{"ids":["cart"]}',
    );
    unmount();
    config.bootData = { user: { permissions: {} } } as never;
    await show(CART);
    await found(ids.status);
    expect(screen.queryByTestId(ids.explore('events'))).toBeNull();
  });
});

describe('an edge', () => {
  test('is told with both ends, its own traffic and its own anomalies', async () => {
    const onSelect = jest.fn();
    await show(EDGE, { onSelect });
    await found(ids.metric('latency_p95'));
    expect(await screen.findByRole('dialog', { name: 'Cart → Payments' })).toBeTruthy();
    expect(text(ids.status)).toBe('Failed');
    expect(screen.getByText('Abnormal traffic')).toBeTruthy();
    await waitFor(() => expect(within(screen.getByTestId(ids.metric('error_rate'))).getByRole('img')).toBeTruthy());
    expect(
      within(screen.getByTestId(ids.metric('error_rate'))).getAllByTestId(TEST_IDS.ui.sparklineOnset),
    ).toHaveLength(1);
    expect(screen.queryByTestId(ids.upstream)).toBeNull();
    await userEvent.setup().click(screen.getByTestId(ids.neighbour('cart')));
    expect(onSelect).toHaveBeenCalledWith('cart');
  });

  test('one without traffic is unknown', async () => {
    await show({ kind: 'edge', sourceId: 'payments', targetId: 'bank' });
    await found(ids.status);
    expect(text(ids.status)).toBe('Unknown');
    expect(screen.getByText('No traffic is known')).toBeTruthy();
  });

  test('a metric that is refused does not hide the others', async () => {
    source.before = (queries) => {
      if (queries.some(({ metric }) => metric === 'error_rate')) throw new Error('There is no metric "error_rate"');
    };
    await show(EDGE);
    const latency = await found(ids.metric('latency_p95'));
    await waitFor(() => expect(within(latency).getByRole('img')).toBeTruthy());
    expect(within(screen.getByTestId(ids.metric('error_rate'))).queryByRole('img')).toBeNull();
  });
});

describe('what is not there', () => {
  test('before the first answer it says that it reads', async () => {
    source.before = () => new Promise(() => undefined);
    await show(CART);
    expect(text(ids.loading)).toContain('Reading the details…');
    expect(screen.getByRole('dialog', { name: 'cart' })).toBeTruthy();
  });

  test('a failure is told, and tried again on demand', async () => {
    source.before = () => {
      throw new Error('The bridge refused the token');
    };
    await show(CART);
    expect((await found(ids.error)).textContent).toContain('The bridge refused the token');
    source.before = () => undefined;
    await userEvent.setup().click(screen.getByTestId(ids.retry));
    await settle();
    await found(ids.status);
    expect(screen.queryByTestId(ids.error)).toBeNull();
  });

  test('a part of the past that fails leaves the rest', async () => {
    source.before = (queries) => {
      if (queries[0].queryType === 'health-history') throw new Error('No history is kept');
    };
    await show(CART);
    await found(ids.status);
    await waitFor(() => expect(text(ids.health)).toContain('Could not be read: No history is kept'));
    expect(screen.getByTestId(ids.metric('cpu_usage'))).toBeTruthy();
  });

  test.each<[string, Subject]>([
    ['service', { kind: 'service', id: 'nobody' }],
    ['dependency', { kind: 'edge', sourceId: 'web', targetId: 'bank' }],
  ])('a %s that is not in the topology is told as such', async (what, subject) => {
    await show(subject);
    expect((await found(ids.empty)).textContent).toContain(`This ${what} is not in the topology`);
  });
});

describe('as time goes on', () => {
  test('it asks again every ten seconds, and keeps what it has when that fails', async () => {
    await show(CART);
    await waitFor(() => expect(source.asked).toHaveLength(3));
    source.snapshot = {
      ...SHOP,
      services: SHOP.services.map((one) =>
        one.resource_id === 'cart' ? { ...one, status: 'healthy', health_score: 93 } : one,
      ),
    };
    await act(() => clock.advance(REFETCH_MS - 1));
    expect(source.asked).toHaveLength(3);
    await act(() => clock.advance(1));
    await waitFor(() => expect(text(ids.status)).toBe('Healthy'));
    expect(source.asked).toHaveLength(6);

    source.before = () => {
      throw new Error('The bridge is away');
    };
    await act(() => clock.advance(REFETCH_MS));
    await waitFor(() => expect(screen.getAllByText('Could not be read: The bridge is away').length).toBeGreaterThan(0));
    expect(text(ids.status)).toBe('Healthy');
  });

  test('while the page is hidden it waits, and asks as soon as it is seen', async () => {
    const visibility = jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    await show(CART);
    await waitFor(() => expect(source.asked).toHaveLength(3));
    await act(() => clock.advance(10 * REFETCH_MS));
    expect(source.asked).toHaveLength(3);
    visibility.mockRestore();
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    await settle();
    await waitFor(() => expect(source.asked).toHaveLength(6));
  });

  test('the same range made anew asks nothing anew', async () => {
    const { rerender } = await show(CART);
    await waitFor(() => expect(source.asked).toHaveLength(3));
    rerender(drawn({ ...CART }, { timeRange: { ...RANGE, from: dateTime(from), to: dateTime(to) } }));
    await act(() => clock.advance(0));
    expect(source.asked).toHaveLength(3);
  });

  test('a range relative to now is read anew at each request', async () => {
    await show(CART, { timeRange: { from, to, raw: { from: 'now-5m', to: 'now' } } });
    await waitFor(() => expect(source.asked).toHaveLength(3));
    const { range } = source.asked[0];
    expect(range.to.valueOf() - range.from.valueOf()).toBeCloseTo(300_000, -2);
    expect(range.to.valueOf()).not.toBe(to.valueOf());
  });

  test('another subject ends what was asked for the one before, and shows nothing of it', async () => {
    const { rerender } = await show(CART);
    await found(ids.status);
    let answer = (): void => undefined;
    source.before = () => new Promise((resolve) => (answer = resolve));
    rerender(drawn(PAYMENTS));
    await settle();
    expect(screen.queryByTestId(ids.status)).toBeNull();
    expect(screen.getByRole('dialog', { name: 'payments' })).toBeTruthy();
    const ofPayments = source.asked.at(-1)!;
    rerender(drawn(CART));
    expect(ofPayments.signal.aborted).toBe(true);
    await act(async () => answer());
    expect(screen.queryByText('Payments')).toBeNull();
  });

  test('closing ends all of it', async () => {
    const { unmount } = await show(CART);
    await waitFor(() => expect(source.asked).toHaveLength(3));
    unmount();
    expect(source.asked.every(({ signal }) => signal.aborted)).toBe(true);
    expect(clock.waiting).toBe(0);
  });
});

describe('the focus', () => {
  function Panel() {
    const [subject, setSubject] = useState<Subject | undefined>();
    return (
      <>
        <button>Elsewhere</button>
        <div>
          <button onClick={() => setSubject(CART)}>Open</button>
          {subject &&
            drawn(subject, {
              onClose: () => setSubject(undefined),
              onSelect: (id) => setSubject({ kind: 'service', id }),
            })}
        </div>
      </>
    );
  }

  test('goes into the drawer, to its beginning with each subject, and back when Escape closes it', async () => {
    const user = userEvent.setup();
    const outside = jest.fn();
    document.addEventListener('keydown', outside);
    render(<Panel />);
    await user.click(screen.getByRole('button', { name: 'Open' }));
    await settle();
    const dialog = screen.getByRole('dialog');
    expect(document.activeElement).toBe(dialog);
    await user.click(await found(ids.neighbour('payments')));
    await settle();
    await waitFor(() => expect(screen.getByRole('dialog', { name: 'Payments' })).toBeTruthy());
    expect(document.activeElement).toBe(dialog);
    outside.mockClear();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Open' }));
    expect(outside).not.toHaveBeenCalled();
    document.removeEventListener('keydown', outside);
  });

  test('stays where it is outside the panel: a selection from the address takes it from nobody', async () => {
    const { container } = render(
      <>
        <button>Elsewhere</button>
        <div data-testid="panel" />
      </>,
    );
    screen.getByRole('button', { name: 'Elsewhere' }).focus();
    render(drawn(CART), { container: within(container).getByTestId('panel') });
    await settle();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Elsewhere' }));
  });

  test('the close button closes, and a narrow panel is covered whole', async () => {
    const onClose = jest.fn();
    const { rerender } = await show(CART, { onClose });
    expect(screen.getByRole('dialog').style.width).toBe('400px');
    rerender(drawn(CART, { onClose, panelWidth: 320 }));
    expect(screen.getByRole('dialog').style.width).toBe('100%');
    await userEvent.setup().click(screen.getByTestId(ids.close));
    expect(onClose).toHaveBeenCalledTimes(1);
  });
});
