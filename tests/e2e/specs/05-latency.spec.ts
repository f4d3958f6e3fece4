import { saveDashboard } from '../fixtures/dashboards.ts';
import { eventually } from '../../fixtures/node-process.ts';
import { median, readings, recordReadings, type Reading } from '../fixtures/reading-times.ts';
import { expect, test } from '../fixtures/test.ts';
import { COLLECT_INTERVAL_S, SCRAPE_INTERVAL_S } from '../fixtures/watched-system.ts';
import { BoardPage } from '../pages/board-page.ts';

const FAULTS = 6;
const TARGET = 'pricing';
/** Of a healthy service it stays far below. */
const FAILING = 0.05;
const ALLOWANCE_MS = 300;
/** `riseMs` of `down` in the simulator. */
const FAULT_RISES_MS = 1_000;

const shareOf = ({ text }: Reading): number => Number.parseFloat(text) / (text.includes('%') ? 100 : 1);

interface Latency {
  readonly fromFaultMs: number;
  /** Since a query of Prometheus could have told. */
  readonly fromSourceMs: number;
}

test('a fault reaches an open panel within the interval and 300 ms', async ({ stack, page }, { annotations }) => {
  test.skip(!stack.system.canFail, 'needs a fault');
  test.setTimeout(180_000);
  const { system } = stack;
  const filter = { ids: [TARGET] };
  const query = { queryType: 'services', format: 'numeric', value: 'error_rate', filter } as const;
  const options = { reduceOptions: { calcs: ['lastNotNull'] } };
  const panels = [{ title: 'Errors', type: 'stat', query, options } as const];
  const board = new BoardPage(page);
  await board.open(await saveDashboard(stack.api, stack.uid, { uid: 'e2e-latency', title: 'Latency', panels }));
  await system.calm();
  await recordReadings(
    page,
    '[data-testid="data-testid Panel header Errors"] [data-testid="data-testid panel content"]',
  );

  const shown = async (sinceMs: number, holds: (share: number) => boolean): Promise<Reading> =>
    eventually(
      'the panel shows it',
      async () => (await readings(page)).find((reading) => reading.atMs >= sinceMs && holds(shareOf(reading))),
      20_000,
    );

  const latencies: Latency[] = [];
  for (let n = 0; n < FAULTS; n += 1) {
    // Each in another phase of the intervals, which the wait for its end would else lock it to.
    await page.waitForTimeout((n / FAULTS) * COLLECT_INTERVAL_S * 1000);
    const { atMs } = await system.startFault({ kind: 'down', target: TARGET, magnitude: 0.9 });
    const sourceMs = await system.seenByPrometheus(TARGET, FAILING);
    const { atMs: shownMs } = await shown(atMs, (share) => share > FAILING);
    latencies.push({ fromFaultMs: shownMs - atMs, fromSourceMs: shownMs - sourceMs });
    await system.endFaults();
    await shown(Date.now(), (share) => share < FAILING);
  }

  const told = (values: readonly number[]): string =>
    `median ${Math.round(median(values))} ms, max ${Math.max(...values)} ms`;
  const fromFault = latencies.map(({ fromFaultMs }) => fromFaultMs);
  const fromSource = latencies.map(({ fromSourceMs }) => fromSourceMs);
  const text = `${FAULTS} faults: from the fault to the panel ${told(fromFault)}; from Prometheus to the panel ${told(fromSource)}`;
  annotations.push({ type: 'latency', description: text });
  process.stdout.write(`    ${text}\n`);
  expect(Math.max(...fromSource)).toBeLessThanOrEqual(COLLECT_INTERVAL_S * 1000 + ALLOWANCE_MS);
  // The fault itself takes its time to rise; Prometheus looks once a scrape, the bridge once a collection.
  const intervalsMs = (SCRAPE_INTERVAL_S + COLLECT_INTERVAL_S) * 1000;
  expect(Math.max(...fromFault)).toBeLessThanOrEqual(FAULT_RISES_MS + intervalsMs + ALLOWANCE_MS);
});
