import { expect, test } from '../fixtures/test.ts';

const TOKEN = 'preview-token-of-the-test';
const AUTH = { AUTH_TOKENS: `${TOKEN}:read` };

test('a bridge that wants a token is asked for nothing before one is entered', async ({
  startBridge,
  preview,
  expectAccessible,
  picture,
}) => {
  const bridge = await startBridge(AUTH);
  await preview.open(await bridge.url());
  await expect(preview.accessForm).toBeVisible();
  await expect(preview.refusal).toHaveCount(0);
  await expectAccessible();
  await picture('token');

  await preview.connect(TOKEN);
  await preview.diagnostics.expectChip('websocket');
  await expect(preview.diagnostics.rows.first()).toBeVisible();

  await preview.open(await bridge.url(), 'theme=dark');
  await preview.diagnostics.expectChip('websocket');
});

test.describe('a wrong token', () => {
  test.use({ expectedConsole: /Failed to load resource|WebSocket connection to .* failed/ });

  test('is told to be refused, and another one may be entered', async ({
    startBridge,
    preview,
    expectAccessible,
    picture,
  }) => {
    const bridge = await startBridge(AUTH);
    await preview.open(await bridge.url());
    await preview.connect('another-token');
    await expect(preview.refusal).toContainText('Authentication refused');
    await expectAccessible();
    await picture('auth-refused');

    await preview.connect(TOKEN);
    await preview.diagnostics.expectChip('websocket');
  });
});
