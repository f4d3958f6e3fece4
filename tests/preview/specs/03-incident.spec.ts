import { expect, test } from '../fixtures/test.ts';

/** The demo is calm, fails ten seconds after the first look, and recovers within the minute. */
test.describe.configure({ timeout: 150_000 });

test('an incident comes, is told in both panels, and is resolved', async ({
  startBridge,
  preview,
  expectAccessible,
  picture,
}) => {
  const bridge = await startBridge();
  await preview.open(await bridge.url());
  await expect(preview.diagnostics.overall).toContainText(/healthy/i);

  await expect(preview.diagnostics.overall).toContainText(/critical/i, { timeout: 60_000 });
  await expect(preview.diagnostics.count('failed')).not.toContainText(/^0/);
  await expect(preview.topology.legend('failed')).not.toContainText(/\b0$/);
  await preview.diagnostics.open('anomalies');
  await expect(preview.diagnostics.rows.first()).toBeVisible();
  await expectAccessible();
  await picture('incident');

  await expect(preview.diagnostics.overall).toContainText(/healthy/i, { timeout: 80_000 });
  await expect(preview.topology.legend('failed')).toContainText(/\b0$/);
  await preview.diagnostics.open('events');
  await expect(preview.diagnostics.rows.first()).toBeVisible();
  await expectAccessible();
  await picture('resolved');
});
