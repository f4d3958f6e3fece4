import { describe, expect, test } from '@jest/globals';
import { LoadingState } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { act, screen, within } from '@testing-library/react';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { columnTexts, drawPanel, ids, rowTexts, text } from './draw-panel.tsx';
import { anomalies, connection, NOW_MS, services, shopFrames } from './fixtures.ts';

const tab = (part: string) => screen.getByTestId(ids.tab(part));
const message = () => screen.getByTestId(ids.message).getAttribute('data-state');

describe('the head', () => {
  test('tells the overall health and what it means', () => {
    drawPanel();
    expect(text(ids.overall)).toBe('Critical1 failed, 1 degraded, 1 unknown of 5');
    expect(text(ids.count('failed'))).toBe('1Failed');
  });

  test('says so when all is well, and while the bridge learns what is normal', () => {
    drawPanel({
      series: [connection({ warming_up: true }), services([{ id: 'a', status: 'healthy', health_score: 100 }])],
    });
    expect(text(ids.overall)).toBe('HealthyAll 1 healthy Still learning what is normal');
  });

  test('lists the services of a status when its count is clicked, from any tab, and all again', async () => {
    const { user } = drawPanel();
    await user.click(tab('events'));
    await user.click(screen.getByTestId(ids.count('failed')));
    expect(tab('services').getAttribute('aria-selected')).toBe('true');
    expect(columnTexts(1)).toEqual(['Database']);
    expect(screen.getByTestId(ids.count('failed')).getAttribute('aria-pressed')).toBe('true');
    await user.click(screen.getByTestId(ids.count('degraded')));
    expect(columnTexts(1)).toEqual(['Database', 'Cart']);
    await user.click(screen.getByTestId(ids.count('failed')));
    await user.click(screen.getByTestId(ids.count('degraded')));
    expect(rowTexts()).toHaveLength(5);
  });

  test('has counts that are no filters where there is no list of services', () => {
    drawPanel({ options: { parts: ['counts'] } });
    expect(screen.getByTestId(ids.count('failed')).tagName).toBe('SPAN');
  });
});

describe('the lists', () => {
  test('are counted in their tabs, traffic by what is abnormal', () => {
    drawPanel();
    expect(
      ['services', 'anomalies', 'traffic', 'failing-dependencies', 'events'].map((part) => tab(part).textContent),
    ).toEqual(['Services5', 'Anomalies3', 'Traffic2', 'Failing dependencies2', 'Events3']);
  });

  test('show the worst first, events the newest', async () => {
    const { user } = drawPanel();
    expect(columnTexts(1)).toEqual(['Database', 'Cart', 'Mail', 'Web', 'Search']);
    await user.click(tab('anomalies'));
    expect(columnTexts(2)).toEqual(['DB', 'CART', 'WEB → cart']);
    expect(columnTexts(1)).toEqual(['Open', 'New', 'Open']);
    await user.click(tab('traffic'));
    expect(rowTexts().map(([state, from, to]) => [state, from, to])).toEqual([
      ['Abnormal', 'CART', 'DB'],
      ['Abnormal', 'WEB', 'CART'],
      ['Normal', 'WEB', 'SEARCH'],
    ]);
    await user.click(tab('failing-dependencies'));
    expect(rowTexts().map(([status, from, to]) => [status, from, to])).toEqual([
      ['Failed', 'CART', 'DB'],
      ['Degraded', 'WEB', 'CART'],
    ]);
    await user.click(tab('events'));
    expect(columnTexts(1)).toEqual(['Resolved', 'Traffic', 'Health']);
    expect(columnTexts(0)[0]).toContain('11:59:30');
  });

  test('show numbers in their units, and nothing where nothing is known', () => {
    drawPanel({ width: 1200 });
    const mail = rowTexts()[2];
    expect(mail.slice(0, 7)).toEqual(['Unknown', 'Mail', 'pod', '–', '12.5 req/s', '1%', '120 ms']);
  });

  test('are sorted by what is clicked, which stays when another tab was looked at', async () => {
    const { user } = drawPanel();
    const header = () => screen.getByTestId(TEST_IDS.table.header('name'));
    await user.click(header());
    expect(columnTexts(1)).toEqual(['Cart', 'Database', 'Mail', 'Search', 'Web']);
    await user.click(header());
    expect(columnTexts(1)).toEqual(['Web', 'Search', 'Mail', 'Database', 'Cart']);
    await user.click(tab('events'));
    await user.click(tab('services'));
    expect(columnTexts(1)[0]).toBe('Web');
  });

  test('are searched by any text of a row, in any case', async () => {
    const { user } = drawPanel();
    await user.type(screen.getByTestId(ids.search), 'DATAB');
    expect(columnTexts(1)).toEqual(['Database']);
    await user.clear(screen.getByTestId(ids.search));
    await user.type(screen.getByTestId(ids.search), 'no such thing');
    expect(screen.getByText('Nothing matches the filter')).toBeTruthy();
    await user.click(tab('traffic'));
    expect(rowTexts()).toHaveLength(3);
  });

  test('are narrowed: anomalies by severity, traffic to the abnormal', async () => {
    const { user } = drawPanel();
    await user.click(tab('anomalies'));
    await user.click(screen.getByTestId(ids.filter('critical')));
    await user.click(screen.getByTestId(ids.filter('low')));
    expect(columnTexts(2)).toEqual(['DB', 'WEB → cart']);
    await user.click(tab('traffic'));
    await user.click(screen.getByTestId(ids.filter('abnormal')));
    expect(rowTexts()).toHaveLength(2);
  });

  test('keep an anomaly that is over for five minutes, as resolved and last', async () => {
    const { user, show, wait } = drawPanel();
    await user.click(tab('anomalies'));
    const without = shopFrames().map((frame) =>
      frame.name === 'anomalies' ? anomalies([{ alert_id: 'a3', resource_id: 'web', severity: 'low' }]) : frame,
    );
    show({ series: without });
    expect(rowTexts().map((cells) => [cells[1], cells[2]])).toEqual([
      ['Open', 'WEB'],
      ['Resolved', 'CART'],
      ['Resolved', 'DB'],
    ]);
    expect(tab('anomalies').textContent).toBe('Anomalies1');
    wait(5 * 60_000 + 10_000);
    expect(columnTexts(2)).toEqual(['WEB']);
  });

  test('say that nothing is wrong when nothing is', async () => {
    const { user } = drawPanel({ series: [connection(), services([]), anomalies([])] });
    expect(screen.getByText('No service matches the query')).toBeTruthy();
    await user.click(tab('anomalies'));
    expect(screen.getByText('No anomalies: everything is as expected')).toBeTruthy();
  });
});

describe('the parts', () => {
  test('are those of the options; one list alone has no tabs', () => {
    drawPanel({ options: { parts: ['anomalies'] } });
    expect(screen.queryByRole('tablist')).toBeNull();
    expect(screen.queryByTestId(ids.chip)).toBeNull();
    expect(screen.getByTestId(ids.list('anomalies'))).toBeTruthy();
  });

  test('filter services by pills where there are no counts', async () => {
    const { user } = drawPanel({ options: { parts: ['services'] } });
    await user.click(screen.getByTestId(ids.filter('unknown')));
    expect(columnTexts(1)).toEqual(['Mail']);
  });

  test('keep their order, whatever order is saved, and strangers are left out', () => {
    drawPanel({ options: { parts: ['events', 'services', 'weather'] as never } });
    expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual(['Services5', 'Events3']);
  });

  test('none at all asks for some', () => {
    drawPanel({ options: { parts: [] } });
    expect(text(ids.message)).toContain('Choose what to show');
  });

  test('the chip alone is no more than a chip', () => {
    drawPanel({ options: { parts: ['connection'] }, width: 120, height: 40 });
    expect(text(ids.root)).toBe('Websocket');
    expect(screen.queryByTestId(ids.refresh)).toBeNull();
  });

  test('narrow panels have fewer columns', async () => {
    const { user } = drawPanel({ width: 320 });
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
      'Status',
      'Name',
      'Score',
    ]);
    await user.click(tab('traffic'));
    expect(rowTexts()[0].slice(0, 2)).toEqual(['Abnormal', 'CART → DB']);
  });
});

describe('states', () => {
  test('of a head whose queries are missing: it says which to add', () => {
    drawPanel({ series: [], types: ['events'], options: { parts: ['overall'] } });
    expect(text(ids.overall)).toBe('UnknownAdd a query of the type Services or Connection');
  });

  const { Loading, NotStarted, Streaming, Error: Failed } = LoadingState;

  test('starting: one word that data is waited for', () => {
    drawPanel({ series: [], state: Loading });
    expect(message()).toBe('loading');
    expect(text(ids.overall)).toBe('UnknownWaiting for the first data…');
    expect(screen.queryByRole('tablist')).toBeNull();
  });

  test('before a first request: the same', () => {
    drawPanel({ series: [], state: NotStarted, types: [] });
    expect(message()).toBe('loading');
  });

  test('partly: a tab without its query says which to add, and nothing fails', async () => {
    const { user } = drawPanel({ series: [services([{ id: 'a', status: 'healthy' }])], types: ['services'] });
    expect(rowTexts()).toHaveLength(1);
    expect(text(ids.overall)).toContain('Healthy');
    await user.click(tab('traffic'));
    expect(message()).toBe('not asked');
    expect(text(ids.message)).toContain('Add a query of the type Traffic to see this list');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('another format: says what to change', () => {
    const [, frame] = shopFrames();
    const numeric = { ...frame, fields: frame.fields.filter(({ name }) => name !== 'status') };
    drawPanel({ series: [numeric], types: ['services'] });
    expect(text(ids.message)).toBe('The query Services gives no table: set its format to Table');
  });

  test('an error of one query: in its tab, and in the head', async () => {
    const series = shopFrames().filter(({ name }) => name !== 'anomalies');
    const errors = [{ refId: 'anomalies', message: 'There is no value "x & y" of anomalies', status: 400 }];
    const { user } = drawPanel({ series, state: Failed, errors });
    expect(rowTexts()).toHaveLength(5);
    expect(text(ids.problems)).toBe('Failed queries: anomalies. There is no value "x & y" of anomalies');
    expect(screen.queryByTestId(ids.notices)).toBeNull();
    await user.click(tab('anomalies'));
    expect(text(ids.message)).toContain('There is no value "x & y" of anomalies');
  });

  test('errors of several queries: named', () => {
    drawPanel({
      series: [connection()],
      state: Failed,
      errors: [
        { refId: 'services', message: 'one' },
        { refId: 'traffic', message: 'two' },
      ],
    });
    expect(text(ids.problems)).toBe('Failed queries: services, traffic. one');
  });

  test('an error while old rows are there: the rows stay, and it is said that they are old', () => {
    drawPanel({ state: Failed, errors: [{ refId: 'services', message: 'refused', status: 502 }] });
    expect(rowTexts()).toHaveLength(5);
    expect(text(ids.notices)).toBe('Not up to date: refused');
  });

  test('no permission: says that, and not that a query failed', () => {
    drawPanel({ series: [], state: Failed, errors: [{ message: 'Access denied', status: 403 }] });
    expect(message()).toBe('forbidden');
    expect(text(ids.message)).toBe('You may not see this dataAccess denied');
    expect(text(ids.problems)).toBe('You may not see this data: Access denied');
  });

  test('stale: what the frames say about themselves, once each', () => {
    const stale = { severity: 'warning' as const, text: 'Metrics (prometheus) could not be read since 11:50' };
    drawPanel({ series: [services([{ id: 'a', status: 'unknown' }], { notices: [stale, stale] })] });
    expect(screen.getAllByText(stale.text)).toHaveLength(1);
  });

  test('nothing but a stream that has not answered: says so', () => {
    drawPanel({ series: [], state: Streaming });
    expect(message()).toBe('unanswered');
  });
});

describe('by keyboard', () => {
  test('arrows go from tab to tab, round the end', async () => {
    const { user } = drawPanel();
    tab('services').focus();
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(tab('anomalies'));
    expect(tab('anomalies').getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(document.activeElement).toBe(tab('events'));
    await user.keyboard('{Home}');
    expect(tab('services').getAttribute('aria-selected')).toBe('true');
    const panel = screen.getByRole('tabpanel');
    expect(panel.getAttribute('aria-labelledby')).toBe(tab('services').id);
    expect(tab('services').getAttribute('aria-controls')).toBe(panel.id);
  });

  test('Enter opens the row that is active', async () => {
    const { user } = drawPanel();
    screen.getByRole('grid').focus();
    await user.keyboard('{ArrowDown}{Enter}');
    expect(screen.getByTestId(TEST_IDS.drawer.root)).toBeTruthy();
  });
});

describe('a row that is clicked', () => {
  test('is selected and opens its details, which close', async () => {
    const { user } = drawPanel();
    await user.click(screen.getByText('Database'));
    const drawer = await screen.findByTestId(TEST_IDS.drawer.root);
    expect(within(drawer).getByTestId(TEST_IDS.drawer.title).textContent).toContain('db');
    expect(screen.getByText('Database').closest('[role="row"]')?.getAttribute('aria-selected')).toBe('true');
    await user.click(within(drawer).getByTestId(TEST_IDS.drawer.close));
    expect(screen.queryByTestId(TEST_IDS.drawer.root)).toBeNull();
  });

  test('sets the dashboard’s variable, of an edge to what is called', async () => {
    locationService.push('/d/x?var-service=web');
    const replaceVariables = (template: string) => template.replace('${service}', 'web');
    const { user } = drawPanel({ replaceVariables });
    await user.click(tab('failing-dependencies'));
    await user.click(screen.getByText('DB'));
    expect(locationService.getSearchObject()['var-service']).toBe('db');
    act(() => locationService.push('/'));
  });

  test('of another data source has no details', async () => {
    const { user } = drawPanel({ isForeign: true });
    await user.click(screen.getByText('Database'));
    expect(screen.queryByTestId(TEST_IDS.drawer.root)).toBeNull();
  });
});

test('times are those of the dashboard’s zone', async () => {
  const { user } = drawPanel({ timeZone: 'Asia/Tokyo', width: 400 });
  await user.click(tab('events'));
  expect(columnTexts(0)).toEqual(['20:59:30', '20:59:00', '20:58:00']);
  expect(new Date(NOW_MS).getUTCHours()).toBe(12);
});
