import { QUERY_TYPES, type QueryType } from '@topdeck/protocol/grafana';
import { PANEL_OF, saveDashboard } from '../fixtures/dashboards.ts';
import { rowsOf } from '../fixtures/grafana-api.ts';
import { expect, test } from '../fixtures/test.ts';
import { BoardPage } from '../pages/board-page.ts';
import { ExplorePage } from '../pages/explore-page.ts';

/** Types of which there may rightly be nothing to tell. */
const MAY_BE_EMPTY: readonly QueryType[] = ['anomalies', 'failing-dependencies'];
/** As the query editor calls them. */
const LABELS: Readonly<Record<QueryType, string>> = {
  services: 'Services',
  dependencies: 'Dependencies',
  topology: 'Topology',
  anomalies: 'Anomalies',
  'failing-dependencies': 'Failing dependencies',
  traffic: 'Traffic',
  events: 'Events',
  'health-history': 'Health over time',
  metric: 'Metric',
  comparison: 'Comparison with the past',
  connection: 'Connection',
};
/** Keeps anomalies and failing dependencies from being empty while this file runs. */
const FAULTS = [
  { kind: 'errors', target: 'payments', magnitude: 0.9 },
  { kind: 'latency', target: 'payments', magnitude: 1 },
] as const;

test.beforeAll(async ({ stack }) => {
  await stack.system.calm();
  if (!stack.system.canFail) return;
  for (const fault of FAULTS) await stack.system.startFault(fault);
  await stack.system.when('payments has failing callers', (s) => s.failing_dependencies.length > 0, 30_000);
  await stack.system.when('payments has an anomaly', (s) => s.anomalies.length > 0, 30_000);
});
test.afterAll(async ({ stack }) => {
  await stack.system.endFaults();
});

test.describe('asked over the API', () => {
  for (const queryType of QUERY_TYPES) {
    test(`${queryType} answers with data`, async ({ stack }) => {
      const { status, frames, error } = await stack.api.query(stack.uid, PANEL_OF[queryType].query);
      expect({ status, error }).toEqual({ status: 200, error: undefined });
      expect(frames.length).toBeGreaterThan(0);
      for (const { schema } of frames) expect(schema.meta?.channel).toBeUndefined();
      if (MAY_BE_EMPTY.includes(queryType) && !stack.system.canFail) return;
      for (const { schema, data } of frames) {
        expect(schema.fields.length).toBeGreaterThan(0);
        expect(data.values[0]?.length).toBeGreaterThan(0);
      }
    });
  }

  test('a mark for live updates is given to those who ask for one', async ({ stack }) => {
    const { frames } = await stack.api.query(stack.uid, { queryType: 'topology', live: true });
    expect(frames.map(({ schema }) => schema.meta?.custom)).toMatchObject([
      { live: { path: 'topology/nodes', action: 'replace' } },
      { live: { path: 'topology/edges', action: 'replace' } },
    ]);
  });

  test('filters narrow what comes, and nothing to tell is a frame without fields', async ({ stack }) => {
    const one = await stack.api.query(stack.uid, { queryType: 'services', format: 'table', filter: { ids: ['cart'] } });
    expect(one.frames.flatMap(rowsOf)).toMatchObject([{ id: 'cart', name: 'Cart' }]);
    const around = { around: { id: 'cart', depth: 1 } };
    const neighbours = await stack.api.query(stack.uid, { queryType: 'services', format: 'table', filter: around });
    expect(
      neighbours.frames
        .flatMap(rowsOf)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['cart', 'inventory', 'mobile-bff', 'pricing', 'session-cache', 'storefront'].sort());
    const none = await stack.api.query(stack.uid, {
      queryType: 'services',
      format: 'numeric',
      filter: { ids: ['nobody'] },
    });
    expect(none.frames.map(({ schema }) => schema.fields)).toEqual([[]]);
  });

  test('one query that cannot be answered leaves the others alone', async ({ stack }) => {
    const wrong = await stack.api.query(stack.uid, { queryType: 'services', filter: { name: '(' } });
    expect(wrong).toMatchObject({ status: 400, error: expect.stringContaining('(') });
    const right = await stack.api.query(stack.uid, { queryType: 'services' });
    expect(right.status).toBe(200);
  });
});

test('each query type shows its data in a native panel', async ({ stack, page }) => {
  const panels = QUERY_TYPES.map((queryType) => ({ title: queryType, width: 12, height: 6, ...PANEL_OF[queryType] }));
  const path = await saveDashboard(stack.api, stack.uid, { uid: 'e2e-query-types', title: 'Each query type', panels });
  const board = new BoardPage(page);
  await page.setViewportSize({ width: 1440, height: 1700 });
  await board.open(path);
  for (const { title, type } of panels) {
    await board.expectNoError(title);
    const data = {
      table: board.cells(title),
      stat: board.panel(title).getByText(/websocket/i),
      nodeGraph: board.panel(title).locator('g[data-node-id]'),
      timeseries: board.panel(title).locator('.uplot canvas'),
      logs: board.panel(title).locator('.log-line-body'),
    }[type];
    if (MAY_BE_EMPTY.includes(title) && !stack.system.canFail) continue;
    await expect(data.first(), title).toBeVisible();
  }
});

test.describe('in Explore', () => {
  test.describe.configure({ timeout: 150_000 });

  test('each query type, chosen in its editor, shows its data', async ({ stack, page }) => {
    const explore = new ExplorePage(page);
    await explore.open(stack.uid, { queryType: 'services', format: 'table' });
    for (const queryType of QUERY_TYPES) {
      if (MAY_BE_EMPTY.includes(queryType) && !stack.system.canFail) continue;
      await explore.chooseType(LABELS[queryType]);
      if (queryType === 'metric') await explore.chooseMetric('request_rate');
      if (queryType === 'comparison') await explore.chooseService('checkout');
      const seen = {
        table: explore.table(queryType),
        stat: explore.table(queryType),
        nodeGraph: explore.nodes,
        timeseries: explore.graph,
        logs: explore.logRows,
      }[PANEL_OF[queryType].type];
      await expect(seen.first(), queryType).toBeVisible();
    }
  });
});
