import { expect, test } from '../fixtures/test.ts';

test.describe('the page', () => {
  for (const theme of ['dark', 'light'] as const) {
    test(`shows both panels with data, ${theme}`, async ({ demo, preview, expectAccessible, picture }) => {
      await preview.open(demo, `interval=1&theme=${theme}`);
      await preview.diagnostics.expectChip('websocket');
      await expect(preview.diagnostics.rows.first()).toBeVisible();
      await expect(preview.topology.legend('healthy')).toContainText(/\d/);
      await expect(preview.topology.stage).toBeVisible();
      expect(await preview.scrollsSideways()).toBe(false);
      await expectAccessible();
      await picture(theme);
    });
  }

  test('goes on by itself', async ({ demo, preview }) => {
    await preview.open(demo);
    await preview.diagnostics.expectChip('websocket');
    await preview.diagnostics.open('services');
    const rates = () => preview.diagnostics.rows.allInnerTexts();
    const first = await rates();
    await expect.poll(rates, { timeout: 20_000 }).not.toEqual(first);
  });

  test('refreshes by hand', async ({ demo, preview, page }) => {
    await preview.open(demo, 'interval=60');
    await preview.diagnostics.expectChip('websocket');
    const answer = page.waitForResponse(/\/live-diagnostics\/refresh$/);
    await preview.diagnostics.refresh();
    expect((await answer).status()).toBe(200);
  });

  test('takes the theme from the system, until one is chosen', async ({ demo, preview, page }) => {
    await preview.open(demo);
    await expect(preview.header).toBeVisible();
    const dark = await preview.backgroundColor();
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => preview.backgroundColor()).not.toBe(dark);
    await preview.theme('Dark').check();
    await expect.poll(() => preview.backgroundColor()).toBe(dark);
    await preview.open(demo);
    await expect.poll(() => preview.backgroundColor()).toBe(dark);
  });

  test('shares what is selected by its address', async ({ demo, preview, page }) => {
    await preview.open(demo);
    await preview.diagnostics.open('services');
    await preview.diagnostics.rows.first().click();
    await expect(page).toHaveURL(/var-service=./);
  });

  test('leads to the API', async ({ demo, preview, page }) => {
    await preview.open(demo);
    await preview.header.getByRole('link', { name: 'API', exact: true }).click();
    await expect(page.getByRole('link', { name: '/docs', exact: true })).toBeVisible();
    await page.getByRole('link', { name: 'Panels' }).click();
    await preview.diagnostics.expectChip('websocket');
  });
});

test.describe('on walls and phones', () => {
  for (const name of ['topology', 'diagnostics'] as const) {
    test(`${name} alone fills a kiosk`, async ({ demo, preview, page, expectAccessible }) => {
      await preview.open(demo, `interval=1&panel=${name}&kiosk`);
      const other = name === 'topology' ? 'diagnostics' : 'topology';
      await expect(preview.panel(name)).toBeVisible();
      await expect(preview.panel(other)).toHaveCount(0);
      await expect(preview.header).toHaveCount(0);
      expect(await preview.panel(name).boundingBox()).toMatchObject({ x: 0, y: 0, width: 1440, height: 900 });
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
      await expectAccessible();
    });
  }

  for (const [width, height] of [
    [320, 640],
    [768, 1024],
    [3840, 2160],
  ] as const) {
    test(`${width} × ${height} needs no scrolling sideways`, async ({
      demo,
      preview,
      page,
      expectAccessible,
      picture,
    }) => {
      await page.setViewportSize({ width, height });
      await preview.open(demo);
      await preview.diagnostics.expectChip('websocket');
      await expect(preview.topology.stage).toBeAttached();
      expect(await preview.scrollsSideways()).toBe(false);
      await expectAccessible();
      await picture(`${width}`);
    });
  }
});
