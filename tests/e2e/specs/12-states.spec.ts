import type { BrowserContext } from '@playwright/test';
import { TEST_IDS } from '../../../src/ui/test-ids.ts';
import { BridgeProcess } from '../../fixtures/bridge-process.ts';
import { BridgeProxy } from '../../fixtures/bridge-proxy.ts';
import { SlowPrometheus } from '../../fixtures/slow-prometheus.ts';
import { DiagnosticsPanelObject } from '../../pages/diagnostics-panel.ts';
import { TopologyPanelObject } from '../../pages/topology-panel.ts';
import { saveDashboard, type PanelSpec } from '../fixtures/dashboards.ts';
import type { DataSource, DataSourceInput } from '../fixtures/grafana-api.ts';
import { LiveLine } from '../fixtures/live-line.ts';
import type { Stack } from '../fixtures/stack.ts';
import { expect, test } from '../fixtures/test.ts';
import { SetUpPageObject } from '../pages/app-pages.ts';
import { BoardPage } from '../pages/board-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { QUIET, TopologyBoard } from '../pages/topology-board.ts';

const OURS = [TEST_IDS.diagnostics.root, TEST_IDS.topology.root];
const PASSWORD = 'looks-only';

/** Killed and refused parts are missed in Grafana's log, by the plugin and by what asks it. */
test.use({
  expectedErrors:
    /topdeck-livediagnostics-datasource|logger=(plugin|live|ngalert|tsdb|context|grafana-apiserver|query_data)/,
});
test.describe.configure({ timeout: 120_000 });
test.beforeEach(async ({ stack, page }) => {
  test.skip(stack.process === undefined, 'the dashboard is provisioned');
  await page.setViewportSize({ width: 1440, height: 1020 });
});

const added: DataSource[] = [];
/** Whatever else a test has started. */
const ends: (() => Promise<unknown>)[] = [];
test.afterEach(async ({ stack }) => {
  for (const end of ends.splice(0)) await end();
  for (const { uid } of added.splice(0)) await stack.api.deleteDataSource(uid);
});
async function sourceOf(stack: Stack, input: DataSourceInput): Promise<string> {
  const source = await stack.api.addDataSource({ jsonData: { updateIntervalS: 1, pollIntervalS: 5 }, ...input });
  added.push(source);
  return source.uid;
}

/** A dashboard with both panels, which ask this. */
async function bothPanels(stack: Stack, panels: readonly PanelSpec[], uid = stack.uid): Promise<string> {
  const path = await saveDashboard(stack.api, uid, { uid: 'e2e-own-panels', title: 'Own panels', panels });
  return `${path}?${new URLSearchParams(QUIET).toString()}`;
}
const TOPOLOGY: PanelSpec = {
  title: 'Topology',
  type: 'topdeck-topology-panel',
  query: { queryType: 'topology' },
  height: 14,
};
const DIAGNOSTICS: PanelSpec = {
  title: 'Diagnostics',
  type: 'topdeck-diagnostics-panel',
  query: { queryType: 'services', format: 'table' },
  others: [{ queryType: 'connection', format: 'table' }],
  height: 14,
};

test('a bridge that has not diagnosed anything yet', async ({ stack, page, expectAccessible, picture }) => {
  const prometheus = await SlowPrometheus.start();
  ends.push(() => prometheus.stop());
  const bridge = new BridgeProcess({ PROMETHEUS_URL: prometheus.url, PROMETHEUS_TIMEOUT_S: '60', BACKFILL_S: '0' });
  ends.push(() => bridge.stop());
  const uid = await sourceOf(stack, { name: 'Starting', url: await bridge.url() });
  const board = new BoardPage(page);
  await board.open(await bothPanels(stack, [DIAGNOSTICS, TOPOLOGY], uid));
  const diagnostics = new DiagnosticsPanelObject(board.panel('Diagnostics'));
  await expect(diagnostics.rows).toHaveCount(0);
  await expect(board.panel('Topology')).toContainText(/not answered yet/, {
    timeout: 30_000,
  });
  await expectAccessible(...OURS);
  await picture('starting');
});

test('a filter that matches nothing', async ({ stack, page, expectAccessible }) => {
  const nobody = { filter: { name: '^nobody$' } };
  const board = new BoardPage(page);
  await board.open(
    await bothPanels(stack, [
      { ...DIAGNOSTICS, query: { ...DIAGNOSTICS.query, ...nobody } },
      { ...TOPOLOGY, query: { ...TOPOLOGY.query, ...nobody } },
    ]),
  );
  await expect(new TopologyPanelObject(board.panel('Topology')).state('empty')).toBeVisible();
  await expect(new DiagnosticsPanelObject(board.panel('Diagnostics')).empty).toBeVisible();
  await expectAccessible(...OURS);
});

test('a query that is wrong is told in the panel, in words', async ({ stack, page, expectAccessible, picture }) => {
  const board = new BoardPage(page);
  const unknown = { queryType: 'metric', metric: 'no_such_metric' } as const;
  await board.open(
    await bothPanels(stack, [
      { ...DIAGNOSTICS, others: [...(DIAGNOSTICS.others ?? []), unknown] },
      { ...TOPOLOGY, query: { ...TOPOLOGY.query, filter: { name: '(' } } },
    ]),
  );
  const diagnostics = new DiagnosticsPanelObject(board.panel('Diagnostics'));
  const topology = new TopologyPanelObject(board.panel('Topology'));
  await expect(diagnostics.problems).toContainText(/no_such_metric/);
  await expect(diagnostics.rows.first(), 'the other queries are answered').toBeVisible();
  await expect(topology.state('failed')).toContainText(/\(/);
  await expectAccessible(...OURS);
  await picture('bad-query');
});

test('a wrong token is told in both panels', async ({ stack, page, expectAccessible, picture }) => {
  const uid = await sourceOf(stack, {
    name: 'Refused',
    url: stack.system.bridgeUrl,
    secureJsonData: { token: 'not-the-right-token' },
  });
  const shown = new TopologyBoard(page);
  await shown.open({ ...QUIET, 'var-datasource': uid });
  await expect(shown.topology.state('failed')).toContainText(/token/i);
  await expect(shown.diagnostics.problems).toContainText(/token/i);
  await expect(shown.board.panel('Topology')).not.toContainText('not-the-right-token');
  await expectAccessible(...OURS);
  await picture('auth-refused');
});

test('a bridge that is killed is told, what was known stays, and it comes back by itself', async ({
  stack,
  page,
  expectAccessible,
  picture,
}) => {
  const shown = new TopologyBoard(page);
  await shown.open(QUIET);
  await shown.diagnostics.expectChip('websocket');
  await stack.system.killBridge();
  await shown.diagnostics.expectChip('disconnected', 30_000);
  await expect(shown.topology.stage).toBeVisible();
  await expect(shown.topology.legend('healthy')).toContainText(/\d/);
  await expectAccessible(...OURS);
  await picture('bridge-killed');
  await stack.system.startBridge();
  await shown.diagnostics.expectChip('websocket', 60_000);
  await stack.system.calm();
  await expect(shown.topology.legend('healthy')).toContainText('23');
});

test('without a stream from the bridge it is polled, and streams again by itself', async ({ stack, page }) => {
  test.setTimeout(210_000);
  const proxy = await BridgeProxy.before(stack.system.bridgeUrl);
  ends.push(() => proxy.close());
  const uid = await sourceOf(stack, {
    name: 'Proxied',
    url: proxy.url,
    secureJsonData: { token: stack.system.token },
  });
  const shown = new TopologyBoard(page);
  await shown.open({ ...QUIET, 'var-datasource': uid });
  await shown.diagnostics.expectChip('websocket');
  proxy.refusesStreams = true;
  proxy.cut();
  await shown.diagnostics.expectChip('polling', 100_000);
  await expect(shown.topology.legend('healthy')).toContainText('23');
  await shown.diagnostics.openConnection();
  await expect(shown.diagnostics.connectionEntry('bridge')).toContainText('Polling');
  await page.keyboard.press('Escape');
  proxy.refusesStreams = false;
  await shown.diagnostics.expectChip('websocket', 60_000);
});

test('Grafana Live cut: data goes on by queries, and by the stream once it is back', async ({
  page,
  expectAccessible,
  picture,
}) => {
  const live = await LiveLine.of(page);
  const shown = new TopologyBoard(page);
  await shown.open(QUIET);
  await shown.diagnostics.expectChip('websocket');
  await live.cut();
  await shown.diagnostics.expectChip('polling', 30_000);
  const asked = shown.board.queries;
  await expect.poll(() => shown.board.queries, { timeout: 30_000 }).toBeGreaterThan(asked + 1);
  await expect(shown.topology.legend('healthy')).toContainText('23');
  await expectAccessible(...OURS);
  await shown.diagnostics.openConnection();
  await expect(shown.diagnostics.connectionEntry('browser')).toContainText(/cut/);
  await picture('live-cut');
  await page.keyboard.press('Escape');
  live.mend();
  await shown.diagnostics.expectChip('websocket', 60_000);
});

test.describe('somebody who may less', () => {
  let context: BrowserContext;
  test.beforeEach(async ({ browser, stack }) => {
    context = await browser.newContext({ baseURL: stack.url, viewport: { width: 1300, height: 1400 } });
  });
  test.afterEach(async () => {
    await context.close();
  });
  const person = async (stack: Stack, login: string): Promise<number> => {
    const body = { name: login, login, password: PASSWORD };
    return (await stack.api.send<{ id: number }>('POST', '/api/admin/users', body)).id;
  };

  test('a viewer is told what he may not set up, and sees the panels', async ({ stack }) => {
    await person(stack, 'viewer');
    const page = await context.newPage();
    await new LoginPage(page).logIn({ user: 'viewer', password: PASSWORD });
    const setUp = new SetUpPageObject(page);
    await setUp.open();
    await expect(page.getByText('You may look, but not set up')).toBeVisible();
    for (const button of [setUp.save, setUp.importBoards, setUp.importRules]) await expect(button).toBeDisabled();
    await expect(setUp.hops).toContainText(/\d\s?ms/);
    const shown = new TopologyBoard(page);
    await shown.open(QUIET);
    await shown.diagnostics.expectChip('websocket');
    await expect(shown.topology.legend('healthy')).toContainText('23');
  });

  test('who may see the dashboard and not query is told so', async ({ stack }) => {
    const id = await person(stack, 'nobody');
    await stack.api.send('PATCH', `/api/org/users/${id}`, { role: 'None' });
    const path = await bothPanels(stack, [DIAGNOSTICS, TOPOLOGY]);
    await stack.api.send('POST', '/api/dashboards/uid/e2e-own-panels/permissions', {
      items: [{ userId: id, permission: 1 }],
    });
    const page = await context.newPage();
    await new LoginPage(page).logIn({ user: 'nobody', password: PASSWORD });
    const board = new BoardPage(page);
    await board.open(path);
    for (const title of ['Diagnostics', 'Topology']) {
      await expect(board.panel(title)).toContainText(/may not|permission|not found/i);
    }
  });
});
