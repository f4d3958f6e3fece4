import { RuleWatch } from '../fixtures/rule-watch.ts';
import { expect, test } from '../fixtures/test.ts';
import { AlertRulesPage } from '../pages/alert-rules-page.ts';
import { BoardPage } from '../pages/board-page.ts';

/** Of one fault: what fails most of its requests, slowly, takes its callers and its edges along. */
const RULES = [
  'Service failed',
  'Service health low',
  'Failing dependency',
  'Abnormal traffic',
  'Critical anomaly',
  'Overall health critical or unknown',
];
const FAULTS = [
  { kind: 'errors', target: 'payments', magnitude: 0.95 },
  { kind: 'latency', target: 'payments', magnitude: 1 },
] as const;

test('a fault takes each rule from Pending to Firing, and its end resolves them', async ({ stack, page, picture }) => {
  test.skip(stack.process === undefined, 'the rules are provisioned');
  test.skip(!stack.system.canFail, 'needs a fault');
  test.setTimeout(240_000);
  await stack.system.calm();
  const firing = (name: string): boolean => watch.of(name).includes('firing');
  // What fired before belongs to another fault.
  const active = async (): Promise<string[]> =>
    (await stack.api.rules())
      .filter(({ name, state }) => RULES.includes(name) && state !== 'inactive')
      .map(({ name }) => name);
  await expect.poll(active, { timeout: 60_000 }).toEqual([]);
  const watch = new RuleWatch(stack.api);

  for (const fault of FAULTS) await stack.system.startFault(fault);
  await expect.poll(() => RULES.filter((name) => !firing(name)), { timeout: 120_000 }).toEqual([]);
  for (const name of RULES) expect(watch.of(name).slice(0, 3), name).toEqual(['inactive', 'pending', 'firing']);
  const failed = (await stack.api.rules()).find(({ name }) => name === 'Service failed');
  expect(failed?.alerts.map(({ labels }) => labels['id'])).toContain('payments');
  const list = new AlertRulesPage(page);
  await list.open('Live diagnostics');
  for (const name of RULES) await list.expectState(name, /Firing/);

  const board = new BoardPage(page);
  await page.setViewportSize({ width: 1440, height: 1150 });
  await board.open('/d/topdeck-live-diagnostics-overview?kiosk&_dash.hideTimePicker=true');
  await expect(board.panel('Alerts').getByText('Service failed')).toBeVisible();
  // Icons are fetched one by one.
  await expect(board.panel('Topology').locator('g[data-node-id="edge-gateway"] svg path').first()).toBeVisible();
  await picture('overview-incident');

  await stack.system.endFaults();
  await expect.poll(active, { timeout: 120_000 }).toEqual([]);
  await watch.stop();
});
