import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../run/paths.ts';
import { expect, test } from '../fixtures/test.ts';
import { BoardPage } from '../pages/board-page.ts';

interface Shipped {
  readonly uid: string;
  readonly title: string;
  readonly templating: { readonly list: readonly { readonly query: unknown }[] };
  readonly panels: readonly {
    readonly title: string;
    readonly type: string;
    readonly gridPos: { readonly y: number; readonly h: number };
  }[];
}

const FOLDER = join(ROOT, 'provisioning/dashboards/topdeck');
const DASHBOARDS = readdirSync(FOLDER).map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Shipped);
const FAULTS = [
  { kind: 'errors', target: 'payments', magnitude: 0.9 },
  { kind: 'latency', target: 'payments', magnitude: 1 },
] as const;
/** Of which there may rightly be nothing: they say so in words of their own. */
const MAY_BE_EMPTY = ['Connections refused and closed'];
const SERVICE = 'topdeck-live-diagnostics-service';

/** Of one row of the grid, and of what stands above it. */
const ROW_PX = 38;
const HEAD_PX = 160;
const heightOf = ({ panels }: Shipped): number =>
  HEAD_PX + ROW_PX * Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));

const needsPrometheus = ({ templating }: Shipped): boolean =>
  templating.list.some(({ query }) => query === 'prometheus');

test.beforeAll(async ({ stack }) => {
  test.setTimeout(150_000);
  if (stack.process === undefined || !stack.system.canFail) return;
  await stack.system.calm();
  for (const fault of FAULTS) await stack.system.startFault(fault);
  await stack.system.when(
    'payments has failing callers, anomalies and abnormal edges',
    (s) => s.failing_dependencies.length > 0 && s.anomalies.length > 0 && s.traffic_patterns.some((t) => t.is_abnormal),
    60_000,
  );
});
test.afterAll(async ({ stack }) => {
  await stack.system.endFaults();
});
test.beforeEach(({ stack }) => {
  test.skip(stack.process === undefined, 'dashboards are provisioned');
  test.skip(!stack.system.canFail, 'without a fault many panels are rightly empty');
  test.setTimeout(120_000);
});

for (const theme of ['dark', 'light'] as const) {
  test.describe(`on a ${theme} theme`, () => {
    for (const dashboard of DASHBOARDS) {
      test(`“${dashboard.title}” shows data in every panel`, async ({ stack, page }) => {
        test.skip(needsPrometheus(dashboard) && stack.system.prometheusUrl === undefined, 'needs a Prometheus');
        const board = new BoardPage(page);
        await page.setViewportSize({ width: 1440, height: heightOf(dashboard) });
        await board.open(`/d/${dashboard.uid}?kiosk&theme=${theme}&from=now-15m&to=now&var-service=payments`);
        for (const { title, type } of dashboard.panels) {
          if (MAY_BE_EMPTY.includes(title) || title.includes('$')) continue;
          const drawn = board.drawn(title, type);
          if (drawn !== undefined) await expect(drawn.first(), title).toBeVisible();
        }
        await expect.poll(() => board.complaints()).toEqual([]);
        const isDark = await page.evaluate(() => document.body.matches('.theme-dark'));
        expect(isDark).toBe(theme === 'dark');
      });
    }
  });
}

test('the name of a service leads to its details, of the same data source and time', async ({ stack, page }) => {
  const board = new BoardPage(page);
  await page.setViewportSize({ width: 1440, height: 2_000 });
  await board.open('/d/topdeck-live-diagnostics-overview?kiosk&from=now-10m&to=now');
  await board.cells('Services').getByRole('link', { name: 'Payments', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/d/${SERVICE}[/?]`));
  await expect.poll(() => board.stat('State')).toMatch(/Failed|Degraded/);
  const query = new URL(page.url()).searchParams;
  expect(
    Object.fromEntries(['var-service', 'var-datasource', 'from', 'to'].map((key) => [key, query.get(key)])),
  ).toEqual({ 'var-service': 'payments', 'var-datasource': stack.uid, from: 'now-10m', to: 'now' });

  await board.cells('Called by').getByRole('link', { name: 'Checkout', exact: true }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('var-service')).toBe('checkout');
  await expect(board.cells('Depends on').getByRole('link', { name: 'Payments', exact: true })).toBeVisible();
});

test('what is chosen on one dashboard is kept on the next', async ({ page }) => {
  const board = new BoardPage(page);
  await board.open(`/d/${SERVICE}?from=now-10m&to=now&var-service=shipping`);
  await page.getByTestId('data-testid Dashboard link dropdown').click();
  await page.getByRole('menu').getByRole('link', { name: 'Live diagnostics traffic' }).click();
  await expect(page).toHaveURL(/\/d\/topdeck-live-diagnostics-traffic[/?]/);
  await expect(board.panel('Dependencies')).toBeVisible();
  const query = new URL(page.url()).searchParams;
  expect([query.get('var-service'), query.get('from'), query.get('to')]).toEqual(['shipping', 'now-10m', 'now']);
});
