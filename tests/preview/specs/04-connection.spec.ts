import { BridgeProxy } from '../../fixtures/bridge-proxy.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { expect, test } from '../fixtures/test.ts';

// What the browser itself says of a server that is not there, or that refuses a handshake.
test.use({ expectedConsole: /Failed to load resource|WebSocket connection to .* failed/ });

test('a bridge that is killed is told, and comes back by itself', async ({
  startBridge,
  preview,
  expectAccessible,
  picture,
}) => {
  const env = { PORT: String(await freePort()) };
  const bridge = await startBridge(env);
  await preview.open(await bridge.url());
  await preview.diagnostics.expectChip('websocket');
  await expect(preview.diagnostics.rows.first()).toBeVisible();
  await expect(preview.topology.stage).toBeVisible();

  await bridge.kill();
  await preview.diagnostics.expectChip('disconnected');
  await expect(preview.diagnostics.rows.first()).toBeVisible();
  await expectAccessible();
  await picture('disconnected');

  await startBridge(env);
  await preview.diagnostics.expectChip('websocket', 40_000);
});

test('without a stream the page polls, and goes back to the stream by itself', async ({
  demo,
  preview,
  page,
  expectAccessible,
  picture,
}) => {
  test.setTimeout(120_000);
  await page.clock.install();
  const proxy = await BridgeProxy.before(demo);
  await preview.open(proxy.url);
  await preview.diagnostics.expectChip('websocket');

  proxy.refusesStreams = true;
  proxy.cut();
  await preview.diagnostics.expectChip('disconnected');
  // Five attempts, each half a minute after the one before at most.
  await expect
    .poll(
      async () => {
        await page.clock.fastForward(30_000);
        return preview.diagnostics.chip.getAttribute('data-state');
      },
      { timeout: 60_000, intervals: [1_000] },
    )
    .toBe('polling');
  await expect(preview.diagnostics.rows.first()).toBeVisible();
  await expectAccessible();
  await picture('polling');

  proxy.refusesStreams = false;
  await page.clock.fastForward(30_000);
  await preview.diagnostics.expectChip('websocket', 40_000);
  await proxy.close();
});
