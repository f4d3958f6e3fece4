import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../fixtures/test.ts';
import { graphOf, NOTHING, withTopologyFile } from '../fixtures/topology-files.ts';

/** A Prometheus that is there and never comes to an end with a query of the diagnosis. */
async function slowPrometheus(): Promise<{ readonly server: Server; readonly url: string }> {
  const result = [{ metric: {}, value: [0, '1'] }];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (query: string) => {
      if (!decodeURIComponent(query).includes('vector(1)')) return;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('a bridge that has not diagnosed anything yet', async ({ startBridge, preview, expectAccessible, picture }) => {
  const { server, url } = await slowPrometheus();
  const bridge = await startBridge({ PROMETHEUS_URL: url, PROMETHEUS_TIMEOUT_S: '60', BACKFILL_S: '0' });
  await preview.open(await bridge.url());
  await preview.diagnostics.expectChip('websocket');
  await expect(preview.diagnostics.rows).toHaveCount(0);
  await expect(preview.topology.state('waiting')).toBeVisible();
  await expectAccessible();
  await picture('starting');
  server.closeAllConnections();
  server.close();
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
