import { TEST_IDS } from '../../../src/ui/test-ids.ts';
import { DiagnosticsPanelObject } from '../../pages/diagnostics-panel.ts';
import { saveDashboard } from '../fixtures/dashboards.ts';
import { DemoSource } from '../fixtures/demo-source.ts';
import { expect, test } from '../fixtures/test.ts';
import { BoardPage } from '../pages/board-page.ts';
import { placedNodes, QUIET, TopologyBoard } from '../pages/topology-board.ts';

const SERVICES = 23;
const QUERIES = ['connection', 'services', 'anomalies', 'traffic', 'failing-dependencies', 'events'] as const;
const FAULTS = [
  { kind: 'errors', target: 'payments', magnitude: 0.9 },
  { kind: 'latency', target: 'payments', magnitude: 1 },
] as const;
const OURS = [TEST_IDS.diagnostics.root, TEST_IDS.topology.root];

test.describe.configure({ timeout: 120_000 });
test.beforeEach(async ({ stack, page }) => {
  test.skip(stack.process === undefined, 'the dashboard is provisioned');
  await page.setViewportSize({ width: 1440, height: 1020 });
});
test.afterAll(async ({ stack }) => {
  await stack.system.endFaults();
});

for (const theme of ['dark', 'light'] as const) {
  test(`both panels show all services and the way to them, ${theme}`, async ({
    stack,
    page,
    expectAccessible,
    picture,
  }) => {
    await stack.system.calm();
    const shown = new TopologyBoard(page);
    await shown.open({ theme, ...QUIET });
    await shown.diagnostics.expectChip('websocket');
    await expect(shown.diagnostics.overall).toContainText(/healthy/i);
    await expect(shown.diagnostics.count('healthy')).toContainText(String(SERVICES));
    await expect(shown.topology.legend('healthy')).toContainText(String(SERVICES));
    await expect(shown.topology.stage).toHaveAccessibleName(new RegExp(`nodes: ${SERVICES}\\b`));
    expect(await shown.board.complaints()).toEqual([]);
    await expectAccessible(...OURS);
    if (theme === 'light') await picture('topology-light');
  });
}

test('a click on a node is the service of the dashboard, with its details', async ({
  stack,
  page,
  context,
  expectAccessible,
  picture,
}) => {
  const demo = await DemoSource.add(stack);
  const shown = new TopologyBoard(page);
  const { topology } = shown;
  const { drawer } = topology;
  await shown.open({ 'var-datasource': demo.uid, ...QUIET });
  await expect(topology.stage).toBeVisible();
  await expect(drawer.root, 'nothing is chosen at first').toHaveCount(0);
  const nodes = await placedNodes(stack.api, demo.uid);
  await topology.click('payments', nodes);
  await shown.expectChosen('payments');
  await expect(drawer.title).toHaveText('Payments');
  await expect(drawer.metric('request_rate')).toContainText(/\d/);
  await expect(drawer.band('request_rate')).toBeVisible();
  await expect(drawer.neighbour('checkout')).toBeVisible();
  await expectAccessible(TEST_IDS.topology.root);
  await picture('topology-details');

  const opened = context.waitForEvent('page');
  await drawer.explore('metrics').click();
  const explore = await opened;
  await expect(explore).toHaveURL(/\/explore/);
  await expect(
    explore
      .getByTestId(/^data-testid Panel header Graph/)
      .locator('.uplot canvas')
      .first(),
  ).toBeVisible({ timeout: 45_000 });
  await explore.close();

  await drawer.neighbour('checkout').click();
  await shown.expectChosen('checkout');
  await expect(drawer.title).toHaveText('Checkout');

  await drawer.close();
  await topology.clickNothing();
  await shown.expectChosen('');
  await topology.click('cart', nodes);
  await shown.expectChosen('cart');
  await expect(drawer.title).toHaveText('Cart');
  await page.keyboard.press('Escape');
  await expect(drawer.root).toHaveCount(0);
  await demo.remove();
});

test('All is no selection, and what the address names is one', async ({ stack, page }) => {
  const shown = new TopologyBoard(page);
  await shown.open({ 'var-service': '$__all' });
  await expect(shown.topology.stage).toBeVisible();
  await expect(shown.topology.drawer.root).toHaveCount(0);
  await shown.topology.click('search', await placedNodes(stack.api, stack.uid));
  await shown.expectChosen('search');
  await page.reload({ waitUntil: 'commit' });
  await expect(page.getByTestId('data-testid template variable').filter({ hasText: 'Service' })).toContainText(
    'Search',
    { timeout: 45_000 },
  );
});

test('an incident is told by cause and impacted, and is resolved', async ({
  stack,
  page,
  expectAccessible,
  picture,
}) => {
  test.skip(!stack.system.canFail, 'needs a fault');
  test.setTimeout(180_000);
  await stack.system.calm();
  const shown = new TopologyBoard(page);
  const { diagnostics, topology } = shown;
  await shown.open(QUIET);
  await expect(topology.legend('failed')).toContainText(/\b0$/);
  for (const fault of FAULTS) await stack.system.startFault(fault);

  await expect(diagnostics.overall).toContainText(/critical|degraded/i, { timeout: 45_000 });
  await expect(topology.legendMarks.filter({ hasText: 'Root cause' })).toContainText(/[1-9]\d*$/, { timeout: 30_000 });
  await expect(topology.legendMarks.filter({ hasText: 'Impacted' })).toContainText(/[1-9]\d*$/);
  await expect(diagnostics.count('healthy')).not.toContainText(String(SERVICES));
  await expectAccessible(...OURS);
  await picture('topology-incident');

  const nodes = await placedNodes(stack.api, stack.uid);
  await topology.click('payments', nodes);
  await expect(topology.drawer.title).toHaveText('Payments');
  await expect(topology.drawer.status).toContainText(/failed|degraded/i);
  await expect(topology.drawer.anomalies).toContainText(/\w/);
  await expectAccessible(TEST_IDS.topology.root);
  await topology.drawer.close();

  await stack.system.endFaults();
  await expect(topology.legend('healthy')).toContainText(String(SERVICES), { timeout: 90_000 });
  await expect(diagnostics.overall).toContainText(/healthy/i);
});

test('the whole diagnostics panel lists what a fault brings about', async ({
  stack,
  page,
  expectAccessible,
  picture,
}) => {
  test.skip(!stack.system.canFail, 'needs a fault');
  test.setTimeout(180_000);
  await stack.system.calm();
  const [query, ...others] = QUERIES.map((queryType) => ({ queryType, format: 'table' as const }));
  const panel = { title: 'Diagnostics', type: 'topdeck-diagnostics-panel', width: 24, height: 16 } as const;
  const panels = [{ ...panel, query: query ?? { queryType: 'services' }, others }];
  const path = await saveDashboard(stack.api, stack.uid, { uid: 'e2e-diagnostics', title: 'Diagnostics', panels });
  await page.setViewportSize({ width: 1300, height: 720 });
  const board = new BoardPage(page);
  await board.open(`${path}?kiosk=1`);
  const diagnostics = new DiagnosticsPanelObject(board.panel('Diagnostics'));
  await diagnostics.expectChip('websocket');
  for (const fault of FAULTS) await stack.system.startFault(fault);
  await expect(diagnostics.overall).toContainText(/critical|degraded/i, { timeout: 45_000 });
  for (const tab of ['services', 'traffic', 'failing-dependencies', 'events', 'anomalies'] as const) {
    await diagnostics.open(tab);
    await expect(diagnostics.rows.first(), tab).toBeVisible({ timeout: 30_000 });
    await expectAccessible(TEST_IDS.diagnostics.root);
  }
  await picture('diagnostics-incident', board.panel('Diagnostics'));
  await stack.system.endFaults();
  await expect(diagnostics.tab('anomalies')).toContainText(/\D0$/, { timeout: 90_000 });
});
