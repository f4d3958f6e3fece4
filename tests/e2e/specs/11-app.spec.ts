import { expect, test } from '../fixtures/test.ts';
import { LIVE_PARTS, LivePageObject, SET_UP_PARTS, SetUpPageObject } from '../pages/app-pages.ts';
import { BoardPage } from '../pages/board-page.ts';

const HOPS = ['Grafana', 'Live', 'Bridge', 'Token', 'Stream', 'Topology', 'Metrics', 'Data'];
const SERVICES = 23;
const BOARDS = 6;
const RULES = 7;

test.describe.configure({ timeout: 180_000 });

test.describe('in a Grafana that has nothing', () => {
  test.describe.configure({ mode: 'serial' });
  test.beforeEach(({ stack }) => {
    test.skip(stack.process === undefined, 'it is to be started here');
  });
  test.use({
    context: async ({ empty }, use) => use(empty.context),
    baseURL: async ({ empty }, use) => use(empty.api.url),
  });

  test('the set-up page makes a data source and names each hop', async ({ stack, empty, page, expectAccessible }) => {
    expect(await empty.api.dataSources()).toEqual([]);
    await page.setViewportSize({ width: 1300, height: 1750 });
    const setUp = new SetUpPageObject(page);
    await setUp.open();
    await expect(setUp.importBoards).toBeDisabled();
    await setUp.url.fill(stack.system.bridgeUrl);
    await setUp.token.fill(stack.system.token);
    await expectAccessible(...SET_UP_PARTS);
    await setUp.save.click();
    for (const hop of HOPS) await expect(setUp.hops, hop).toContainText(hop, { ignoreCase: true });
    await expect(setUp.hops.getByText(/\d\s?ms/)).not.toHaveCount(0);
    expect(await empty.api.dataSources()).toMatchObject([{ url: stack.system.bridgeUrl }]);
  });

  test('and imports dashboards and alert rules', async ({ empty, page, expectAccessible, picture }) => {
    await page.setViewportSize({ width: 1300, height: 1750 });
    const setUp = new SetUpPageObject(page);
    await setUp.open();
    await expect(setUp.hops).toContainText(/\d\s?ms/);
    await setUp.importBoards.click();
    await expect(setUp.outcomes('boards')).toHaveCount(BOARDS, { timeout: 60_000 });
    await expect(setUp.outcomes('boards').filter({ hasText: 'imported' })).toHaveCount(BOARDS);
    await setUp.importRules.click();
    await expect(setUp.outcomes('rules').filter({ hasText: 'imported' })).toHaveCount(RULES);
    await expectAccessible(...SET_UP_PARTS);
    await picture('set-up');

    expect(await empty.api.get<unknown[]>('/api/search?type=dash-db')).toHaveLength(BOARDS);
    await expect.poll(async () => (await empty.api.rules()).length).toBe(RULES);
  });

  test('so that every dashboard opens without an error', async ({ stack, empty, page }) => {
    const { prometheusUrl: url } = stack.system;
    test.skip(url === undefined, 'that of the bridge itself asks a Prometheus');
    const prometheus = { name: 'Prometheus', type: 'prometheus', access: 'proxy', url };
    await empty.api.send('POST', '/api/datasources', prometheus);
    const found = await empty.api.get<{ uid: string; title: string }[]>('/api/search?type=dash-db');
    await page.setViewportSize({ width: 1440, height: 2200 });
    const board = new BoardPage(page);
    for (const { uid, title } of found) {
      await test.step(title, async () => {
        await board.open(`/d/${uid}?kiosk&from=now-15m&to=now`);
        await expect(page.getByLabel('Panel loading bar')).toHaveCount(0, { timeout: 20_000 });
        const errors = (await board.complaints()).filter((text) => /error|not found/i.test(text));
        expect.soft(errors, title).toEqual([]);
      });
    }
  });

  test('and its log has no error of ours', ({ empty }) => {
    expect(empty.process.log.errors().filter((line) => /topdeck/.test(line))).toEqual([]);
  });

  test('and importing once more replaces', async ({ empty, page }) => {
    const setUp = new SetUpPageObject(page);
    await setUp.open();
    await setUp.importBoards.click();
    await expect(setUp.outcomes('boards').filter({ hasText: 'imported' })).toHaveCount(BOARDS, { timeout: 60_000 });
    expect(await empty.api.get<unknown[]>('/api/search?type=dash-db')).toHaveLength(BOARDS);
  });
});

for (const theme of ['dark', 'light'] as const) {
  test(`the live page shows both panels with data, ${theme}`, async ({ stack, page, expectAccessible, picture }) => {
    test.skip(stack.process === undefined, 'its first data source is to be ours');
    await stack.system.calm();
    await page.setViewportSize({ width: 1600, height: 950 });
    const live = new LivePageObject(page);
    await live.open(`theme=${theme}`);
    await live.diagnostics.expectChip('websocket');
    await expect(live.diagnostics.tab('services')).toContainText(String(SERVICES));
    await live.diagnostics.open('services');
    await expect(live.diagnostics.rows.first()).toBeVisible();
    await expect(live.topology.legend('healthy')).toContainText(String(SERVICES));
    await live.diagnostics.open('traffic');
    await expect(live.diagnostics.rows.first()).toBeVisible();
    await live.diagnostics.open('services');
    await expectAccessible(...LIVE_PARTS);
    await picture(theme === 'dark' ? 'live' : 'live-light');
  });
}

test('a fault fills the tabs of the live page', async ({ stack, page, expectAccessible, picture }) => {
  test.skip(stack.process === undefined || !stack.system.canFail, 'needs a fault');
  await stack.system.calm();
  await page.setViewportSize({ width: 1600, height: 950 });
  const live = new LivePageObject(page);
  const { diagnostics } = live;
  await live.open();
  await diagnostics.expectChip('websocket');
  for (const kind of ['errors', 'latency'] as const) {
    await stack.system.startFault({ kind, target: 'payments', magnitude: 0.9 });
  }
  await expect(diagnostics.overall).toContainText(/critical|degraded/i, { timeout: 45_000 });
  for (const tab of ['failing-dependencies', 'events', 'anomalies'] as const) {
    await diagnostics.open(tab);
    await expect(diagnostics.rows.first(), tab).toBeVisible({ timeout: 30_000 });
    await expectAccessible(...LIVE_PARTS);
  }
  await picture('live-incident');
  await stack.system.endFaults();
  await expect(diagnostics.overall).toContainText(/healthy/i, { timeout: 90_000 });
});

test('on the set-up page all is said to be provisioned, and nothing is written over', async ({ stack, page }) => {
  test.skip(stack.process === undefined, 'it is provisioned');
  const setUp = new SetUpPageObject(page);
  await setUp.open();
  await setUp.importBoards.click();
  await expect(setUp.outcomes('boards').filter({ hasText: 'there already' })).toHaveCount(BOARDS, { timeout: 60_000 });
  await setUp.importRules.click();
  await expect(setUp.outcomes('rules').filter({ hasText: 'there already' })).toHaveCount(RULES);
});
