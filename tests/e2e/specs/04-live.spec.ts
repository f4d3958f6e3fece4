import { saveDashboard, type PanelSpec } from '../fixtures/dashboards.ts';
import { expect, test } from '../fixtures/test.ts';
import { BoardPage } from '../pages/board-page.ts';

const PANELS: readonly PanelSpec[] = [
  { title: 'Graph', type: 'nodeGraph', width: 24, height: 14, query: { queryType: 'topology' } },
  {
    title: 'Table',
    type: 'table',
    // Columns out of sight are not drawn.
    width: 24,
    height: 24,
    query: { queryType: 'services', format: 'table' },
  },
  {
    title: 'Series',
    type: 'timeseries',
    query: { queryType: 'metric', metric: 'request_rate', filter: { ids: ['checkout'] } },
    options: {
      legend: { showLegend: true, displayMode: 'table', placement: 'bottom', calcs: ['count', 'lastNotNull'] },
    },
  },
  {
    title: 'Seq',
    type: 'stat',
    width: 6,
    height: 4,
    query: { queryType: 'connection', value: 'seq', format: 'numeric' },
  },
];

test.describe('on an open dashboard that is never refreshed', () => {
  test.beforeEach(async ({ stack, page }) => {
    const path = await saveDashboard(stack.api, stack.uid, { uid: 'e2e-live', title: 'Live', panels: PANELS });
    await page.setViewportSize({ width: 1440, height: 1700 });
    await stack.system.calm();
    const board = new BoardPage(page);
    await board.open(path);
    await expect.poll(async () => (await board.places('Graph')).size).toBe(23);
  });

  /** What a panel shows now must differ later; the text is taken once it is there. */
  const changes = async (read: () => Promise<string>): Promise<void> => {
    await expect.poll(read).not.toBe('');
    const before = await read();
    await expect.poll(read, { timeout: 20_000 }).not.toBe(before);
  };

  test('values change by themselves in every kind of panel', async ({ page }) => {
    const board = new BoardPage(page);
    await changes(async () => (await board.cells('Table').allInnerTexts()).join('|'));
    await changes(async () => (await board.nodeTexts('Graph')).join('|'));
    await changes(() => board.panel('Series').getByRole('table').innerText());
    await changes(() => board.stat('Seq'));
    expect(board.queries, 'requests for data since the page was open').toBe(0);
  });

  test('the node graph keeps every place while a service fails and recovers', async ({ stack, page }) => {
    test.skip(!stack.system.canFail, 'needs a fault');
    test.setTimeout(120_000);
    const board = new BoardPage(page);
    const before = await board.places('Graph');
    await stack.system.startFault({ kind: 'errors', target: 'payments', magnitude: 0.9 });
    await expect
      .poll(async () => (await board.rows('Table')).find(({ id }) => id === 'payments')?.['status'], {
        timeout: 30_000,
      })
      .toMatch(/Degraded|Failed/i);
    expect(await board.places('Graph')).toEqual(before);
    await stack.system.endFaults();
    await expect
      .poll(async () => (await board.rows('Table')).find(({ id }) => id === 'payments')?.['status'], {
        timeout: 60_000,
      })
      .toMatch(/Healthy/i);
    expect(await board.places('Graph')).toEqual(before);
  });
});
