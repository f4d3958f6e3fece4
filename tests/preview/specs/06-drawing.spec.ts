import type { Page } from '@playwright/test';
import type { BenchWindow, Difference, GraphSize, Thread } from '../../load/ui-bench/contract.ts';
import { buildPage, servePage, type PageServer } from '../../load/ui-bench/page-server.ts';
import { expect, test } from '../fixtures/test.ts';

/** The topology's drawing alone, on a page that is compiled as the plugins are. */
const GRAPH: GraphSize = { nodes: 300, edges: 1_500 };

const firstPicture = (page: Page, asked: Thread, graph = GRAPH): Promise<Thread> =>
  page.evaluate(
    async (options) => {
      const { bench } = globalThis as unknown as BenchWindow;
      bench.prepare(options.graph);
      await bench.firstPicture(options.asked);
      return bench.thread();
    },
    { asked, graph },
  );

const remember = (page: Page): Promise<void> =>
  page.evaluate(() => (globalThis as unknown as BenchWindow).bench.remember());
const difference = (page: Page): Promise<Difference> =>
  page.evaluate(() => (globalThis as unknown as BenchWindow).bench.difference());

/** Lines that leave the canvas elsewhere are rounded otherwise; a missing node or letter differs by more than 100. */
const ROUNDING = 80;

test.describe('the drawing', () => {
  let server: PageServer;

  test.beforeAll(async () => {
    await buildPage();
    server = await servePage();
  });
  test.afterAll(() => server.close());

  test('leaves the page its thread, under a policy that allows workers of the same host', async ({ page }) => {
    await page.goto(server.url);
    expect(await firstPicture(page, 'worker')).toBe('worker');
  });

  test('looks the same from a worker and from the page', async ({ page }) => {
    await page.goto(server.url);
    await firstPicture(page, 'worker');
    await remember(page);
    await firstPicture(page, 'main');
    expect(await difference(page)).toEqual({ pixels: 0, most: 0 });
  });

  for (const thread of ['worker', 'main'] as const) {
    test(`moved by strips is what it is painted whole, ${thread}`, async ({ page }) => {
      await page.goto(server.url);
      await firstPicture(page, thread);
      await remember(page);
      await page.evaluate(async () => {
        const { bench } = globalThis as unknown as BenchWindow;
        for (const [dx, dy] of [
          [37.3, 0],
          [-90, 12.8],
          [11, -70],
          [400, 300],
        ] as const) {
          await bench.moveBy(dx, dy);
        }
      });
      expect((await difference(page)).most).toBeGreaterThan(100);
      await remember(page);
      await page.evaluate(() => (globalThis as unknown as BenchWindow).bench.repaint());
      expect((await difference(page)).most).toBeLessThan(ROUNDING);
    });
  }
});

test.describe('the drawing where workers are forbidden', () => {
  test.use({ expectedConsole: /Content Security Policy/ });

  test('is done by the page', async ({ page }) => {
    await buildPage();
    const server = await servePage({ 'worker-src': "'none'" });
    await page.goto(server.url);
    expect(await firstPicture(page, 'worker')).toBe('main');
    await server.close();
  });
});
