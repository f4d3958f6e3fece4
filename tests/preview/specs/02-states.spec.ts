import { SlowPrometheus } from '../../fixtures/slow-prometheus.ts';
import { expect, test } from '../fixtures/test.ts';
import { graphOf, NOTHING, withTopologyFile } from '../fixtures/topology-files.ts';

test('a bridge that has not diagnosed anything yet', async ({ startBridge, preview, expectAccessible, picture }) => {
  const prometheus = await SlowPrometheus.start();
  const bridge = await startBridge({ PROMETHEUS_URL: prometheus.url, PROMETHEUS_TIMEOUT_S: '60', BACKFILL_S: '0' });
  await preview.open(await bridge.url());
  await preview.diagnostics.expectChip('websocket');
  await expect(preview.diagnostics.rows).toHaveCount(0);
  await expect(preview.topology.state('waiting')).toBeVisible();
  await expectAccessible();
  await picture('starting');
  await prometheus.stop();
});

test('a topology with nothing in it', async ({ startBridge, preview, expectAccessible, picture }) => {
  await withTopologyFile(NOTHING, async (path) => {
    const bridge = await startBridge({ TOPOLOGY_FILE: path });
    await preview.open(await bridge.url());
    await preview.diagnostics.expectChip('websocket');
    await expect(preview.topology.state('empty')).toBeVisible();
    await expect(preview.diagnostics.empty).toBeVisible();
    await expectAccessible();
    await picture('empty');
  });
});

for (const [services, edges] of [
  [20, 40],
  [1000, 5000],
] as const) {
  test(`${services} nodes`, async ({ startBridge, preview, expectAccessible, picture }) => {
    await withTopologyFile(graphOf(services, edges), async (path) => {
      const bridge = await startBridge({ TOPOLOGY_FILE: path, BACKFILL_S: '0' });
      await preview.open(await bridge.url());
      await preview.diagnostics.expectChip('websocket', 30_000);
      await expect(preview.diagnostics.tab('services')).toContainText(String(services).replace(/(?=000$)/, ','));
      await expect(preview.topology.stage).toBeVisible();
      await expectAccessible();
      await picture(`${services}-nodes`);
    });
  });
}
