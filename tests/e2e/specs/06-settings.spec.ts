import { freePort } from '../../fixtures/free-port.ts';
import type { DataSource } from '../fixtures/grafana-api.ts';
import { expect, test } from '../fixtures/test.ts';
import { DataSourcePage } from '../pages/data-source-page.ts';

/** What wrong settings bring about belongs into the log, and that streams start anew with saved ones. */
test.use({ expectedErrors: /topdeck-livediagnostics-datasource|The settings were saved anew/ });

const added: DataSource[] = [];
test.afterEach(async ({ stack }) => {
  for (const { uid } of added.splice(0)) await stack.api.deleteDataSource(uid);
});

test('Save & test of the provisioned data source is green and names each hop', async ({ stack, page, picture }) => {
  const settings = new DataSourcePage(page);
  await page.setViewportSize({ width: 1300, height: 1750 });
  await settings.open(stack.uid);
  const alert = await settings.saveAndTest();
  await expect(alert).toHaveAttribute('data-testid', /Alert success/);
  for (const hop of [/bridge/i, /token/i, /stream/i, /topology/i, /metrics/i])
    await expect(page.getByText(hop).first()).toBeVisible();
  await picture('data-source');
});

test('a wrong token is told as such, with what to do', async ({ stack, page }) => {
  const source = await stack.api.addDataSource({
    name: 'Wrong token',
    url: stack.system.bridgeUrl,
    secureJsonData: { token: 'not-the-right-token' },
  });
  added.push(source);
  const settings = new DataSourcePage(page);
  await settings.open(source.uid);
  const alert = await settings.saveAndTest();
  await expect(alert).toHaveAttribute('data-testid', /Alert error/);
  await expect(alert).toContainText(/token/i);
  const answer = await stack.api.query(source.uid, { queryType: 'services' });
  expect(answer.status).toBe(401);
  expect(answer.error).toMatch(/token/i);
  expect(answer.error).not.toContain('not-the-right-token');
});

test('a wrong address is told as such, with what to do', async ({ stack, page }) => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const source = await stack.api.addDataSource({ name: 'Wrong address', url });
  added.push(source);
  const settings = new DataSourcePage(page);
  await settings.open(source.uid);
  const alert = await settings.saveAndTest();
  await expect(alert).toHaveAttribute('data-testid', /Alert error/);
  await expect(alert).toContainText(/Nothing listens.*ECONNREFUSED/);
  await expect(alert).toContainText(/Check that the bridge runs/);
});

test('an address of something else is told as such', async ({ stack }) => {
  const source = await stack.api.addDataSource({ name: 'Not a bridge', url: stack.url });
  added.push(source);
  const health = await stack.api.health(source.uid);
  expect(health.status).toBe('ERROR');
  expect(health.message).toMatch(/bridge/i);
});
