import { describe, expect, test } from '@jest/globals';
import { config } from '@grafana/runtime';
import { act, screen, waitFor } from '@testing-library/react';
import { chip, drawPanel, ids, text, type Drawn } from './draw-panel.tsx';
import { connection, NOW_MS, shopFrames, type PanelParts } from './fixtures.ts';

const REFUSED = {
  state: 'polling',
  last_error: 'The bridge refused the connection',
  last_error_code: 'ECONNREFUSED',
  action: 'Check that it runs',
  failed_attempts: 6,
  next_attempt_in_s: 9,
};

const drawWith = (row: Record<string, unknown>, more: PanelParts & { hasLive?: boolean } = {}): Drawn =>
  drawPanel({ series: [connection(row), ...shopFrames().slice(1)], ...more });
const open = ({ user }: Drawn) => user.click(screen.getByTestId(ids.chip));
const entry = (id: string): string =>
  screen.queryByTestId(ids.connectionEntry(id))?.querySelector('dd')?.textContent ?? '';
const nextFrame = (seconds: number, row: Record<string, unknown> = {}) => ({
  series: [connection({ updated: NOW_MS + seconds * 1000, ...row }), ...shopFrames().slice(1)],
});

describe('the chip', () => {
  test('is green with both hops up, and tells the age of the data as it grows', () => {
    const { wait } = drawWith({});
    expect(chip()).toBe('websocket');
    expect(text(ids.chip)).toBe('Websocketdata 4 s old');
    wait(3_000);
    expect(text(ids.chip)).toBe('Websocketdata 7 s old');
  });

  test('turns yellow while Grafana Live is cut for more than a moment, and green by itself', async () => {
    const drawn = drawWith({});
    act(() => drawn.live.connection.next(false));
    drawn.wait(2_900);
    expect(chip()).toBe('websocket');
    drawn.wait(200);
    expect(chip()).toBe('polling');
    await open(drawn);
    expect(entry('browser')).toBe('Polling. Grafana Live is cut; data is queried until it is back');
    expect(entry('bridge')).toBe('Websocket for 10 min');
    act(() => drawn.live.connection.next(true));
    expect(chip()).toBe('websocket');
  });

  test('does not take a blink of Live for a cut', () => {
    const { live, wait } = drawWith({});
    act(() => live.connection.next(false));
    wait(2_000);
    act(() => live.connection.next(true));
    wait(5_000);
    expect(chip()).toBe('websocket');
  });

  test('turns red when Live is cut and queries bring nothing either', () => {
    const { live, wait, show } = drawWith({});
    wait(5_000);
    show(nextFrame(5));
    act(() => live.connection.next(false));
    wait(14_000);
    expect(chip()).toBe('polling');
    wait(2_000);
    expect(chip()).toBe('disconnected');
    show(nextFrame(25));
    expect(chip()).toBe('polling');
  });

  test('does not stay green on a frame without successor, whatever Live says', () => {
    const { wait, show } = drawWith({});
    wait(5_000);
    show(nextFrame(5));
    wait(16_000);
    expect(chip()).toBe('polling');
  });

  test('has one hop in a page without Grafana', async () => {
    const drawn = drawWith({}, { hasLive: false });
    expect(chip()).toBe('websocket');
    await open(drawn);
    expect(screen.queryByTestId(ids.connectionEntry('browser'))).toBeNull();
    expect(screen.getByTestId(ids.connectionEntry('bridge')).textContent).toBe('Browser – bridgeWebsocket for 10 min');
  });

  test('is yellow where Live is switched off, and on a public dashboard', () => {
    const drawn = drawWith({});
    config.liveEnabled = false;
    drawn.show(nextFrame(1));
    expect(chip()).toBe('polling');
    config.liveEnabled = true;
    drawn.show(nextFrame(2));
    expect(chip()).toBe('websocket');
    config.publicDashboardAccessToken = 'token';
    drawn.show(nextFrame(3));
    expect(chip()).toBe('polling');
    config.publicDashboardAccessToken = '';
  });

  test('says that it knows nothing without its query, and which one to add', async () => {
    const drawn = drawPanel({ series: shopFrames().slice(1), types: ['services'] });
    expect(chip()).toBe('unknown');
    await open(drawn);
    expect(text(ids.connection)).toContain('Add a query of the type Connection to see the way to the bridge.');
  });

  test('says why its query failed', async () => {
    const drawn = drawPanel({ series: [], errors: [{ refId: 'connection', message: 'no such plugin' }] });
    await open(drawn);
    expect(text(ids.connection)).toContain('no such plugin');
  });
});

describe('the details of the connection', () => {
  test('tell both hops, the data, and where it stands in the stream', async () => {
    const drawn = drawWith({ reconnects: 2, last_error: 'socket hang up', last_error_code: 'ECONNRESET' });
    await open(drawn);
    expect(entry('browser')).toBe('Websocket');
    expect(entry('data-age')).toBe('4 s');
    expect(entry('snapshot-age')).toBe('2 s');
    expect(entry('topology')).toBe('neo4j: fresh');
    expect(entry('metrics')).toBe('prometheus: fresh');
    expect([entry('seq'), entry('epoch'), entry('reconnects')]).toEqual(['812', 'e7f3', '2']);
    expect(screen.getByTestId(ids.connectionEntry('last-error')).textContent).toBe(
      'Last errorsocket hang up (ECONNRESET)',
    );
    expect(screen.queryByTestId(ids.connectionEntry('next-attempt'))).toBeNull();
    drawn.wait(2_000);
    expect([entry('data-age'), entry('snapshot-age')]).toEqual(['6 s', '4 s']);
  });

  test('tell why there is no connection, what to do, and count down to the next attempt', async () => {
    const drawn = drawWith(REFUSED);
    expect(chip()).toBe('polling');
    await open(drawn);
    expect(entry('bridge')).toBe('Polling for 10 min');
    expect(entry('last-error')).toBe('The bridge refused the connection (ECONNREFUSED)');
    expect(entry('action')).toBe('Check that it runs');
    expect(entry('next-attempt')).toBe('in 9 s; 6 failed');
    drawn.wait(4_000);
    expect(entry('next-attempt')).toBe('in 5 s; 6 failed');
    drawn.wait(6_000);
    expect(entry('next-attempt')).toBe('now; 6 failed');
  });

  test('tell of a source that could not be read', async () => {
    const drawn = drawWith({ metrics_state: 'stale', metrics_error: 'connection refused', data_age_s: null });
    await open(drawn);
    expect(entry('metrics')).toBe('prometheus: stale. connection refused');
    expect(entry('data-age')).toBe('–');
  });

  test('tell that the bridge is still learning', async () => {
    const drawn = drawWith({ warming_up: true });
    await open(drawn);
    expect(text(ids.connection)).toContain('still learning what is normal');
  });

  test('open and close by keyboard', async () => {
    const { user } = drawWith({});
    screen.getByTestId(ids.chip).focus();
    await user.keyboard('{Enter}');
    expect(screen.getByTestId(ids.connection)).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(screen.queryByTestId(ids.connection)).toBeNull();
  });
});

describe('the refresh', () => {
  const button = () => screen.getByTestId(ids.refresh);

  test('asks once, and is busy until the answer', async () => {
    const { user, refresh } = drawWith({});
    let answer: () => void = () => undefined;
    refresh.mockImplementation(() => new Promise((resolve) => (answer = () => resolve({}))));
    await user.click(button());
    expect(button().getAttribute('aria-busy')).toBe('true');
    await user.click(button());
    expect(refresh).toHaveBeenCalledTimes(1);
    await act(async () => answer());
    expect(button().getAttribute('aria-busy')).toBe('false');
    await user.click(button());
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  test('tells why it failed, until that is dismissed or tried again', async () => {
    const { user, refresh } = drawWith({});
    const refusal = Object.assign(new Error(), {
      status: 403,
      data: { message: 'The token lacks the scope "write". Use one that has it.' },
    });
    refresh.mockImplementation(() => Promise.reject(refusal));
    await user.click(button());
    await waitFor(() =>
      expect(text(ids.refreshFault)).toBe('Not refreshed: The token lacks the scope "write". Use one that has it.'),
    );
    expect(screen.getByTestId(ids.refreshFault).getAttribute('role')).toBe('alert');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByTestId(ids.refreshFault)).toBeNull();
    await user.click(button());
    await screen.findByTestId(ids.refreshFault);
    refresh.mockImplementation(() => Promise.resolve({}));
    await user.click(button());
    await waitFor(() => expect(screen.queryByTestId(ids.refreshFault)).toBeNull());
  });

  test('is in the details where the chip is alone', async () => {
    const drawn = drawWith({}, { options: { parts: ['connection'] }, width: 120, height: 40 });
    await open(drawn);
    drawn.refresh.mockImplementation(() => Promise.reject(new Error('too many requests')));
    await drawn.user.click(screen.getByRole('button', { name: 'Read topology and metrics now' }));
    expect((await screen.findByTestId(ids.refreshFault)).textContent).toBe('Not refreshed: too many requests');
  });

  test('is not there where there is nothing to refresh', () => {
    drawWith({}, { isForeign: true });
    expect(screen.queryByTestId(ids.refresh)).toBeNull();
  });
});
