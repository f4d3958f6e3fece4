import { rm, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from '@playwright/test';
import { generateTopology } from '../../../backend-bridge/src/simulator/generate-topology.ts';
import { saveDashboard } from '../../e2e/fixtures/dashboards.ts';
import { GrafanaApi } from '../../e2e/fixtures/grafana-api.ts';
import { findGrafana } from '../../e2e/fixtures/grafana-install.ts';
import { startWithPlugin } from '../../e2e/fixtures/plugin-install.ts';
import { BridgeProcess } from '../../fixtures/bridge-process.ts';
import { eventually } from '../../fixtures/node-process.ts';
import type { GraphSize, PanelWindow } from './contract.ts';
import { WATCH_SCRIPT } from './page-server.ts';

export type PanelKind = 'nodeGraph' | 'topdeck-topology-panel';

/** One panel alone on a page of Grafana. */
export interface PanelFigures extends GraphSize {
  readonly part: 'panel';
  readonly panel: PanelKind;
  readonly grafana: string;
  readonly firstPictureMs: number;
  /** Main-thread time of one refresh: all that the page does for it, in Grafana and in the panel. */
  readonly refreshMs: number;
  readonly panFps: number;
  readonly zoomFps: number;
  /** What the native panel shows of the graph. */
  readonly drawnNodes: number;
}

const RUNS = 3;
const MOTION_MS = 2_500;
const REFRESHES = 4;
const QUIET_MS = 1_500;
const PICTURE_LIMIT_MS = 60_000;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Our panel and Grafana's own on the same frames, in turns; undefined where there is no Grafana to start. */
export async function measurePanels(browser: Browser, graph: GraphSize): Promise<readonly PanelFigures[] | undefined> {
  const install = findGrafana();
  if (install.kind !== 'folder') return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'topdeck-ui-bench-'));
  const file = join(folder, 'topology.json');
  await writeFile(file, JSON.stringify(generateTopology({ services: graph.nodes, edges: graph.edges, seed: 7 })));
  const bridge = new BridgeProcess({ TOPOLOGY_FILE: file, BACKFILL_S: '0', HTTP_RATE_PER_ADDRESS: '100000' });
  const grafana = await startWithPlugin(install);
  try {
    const api = new GrafanaApi(grafana.url);
    const source = await api.addDataSource({
      name: 'bench',
      url: await bridge.url(),
      jsonData: { updateIntervalS: 60 },
    });
    await eventually('the graph is there', () => hasGraph(api, source.uid, graph), PICTURE_LIMIT_MS);
    const subject = { browser, api, uid: source.uid, graph, version: grafana.version };
    return [await measure(subject, 'topdeck-topology-panel'), await measure(subject, 'nodeGraph')];
  } finally {
    await grafana.stop();
    await bridge.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Streams go on by themselves, which a measurement of single refreshes has no use for. */
const QUERY = { queryType: 'topology', streaming: false } as const;

async function hasGraph(api: GrafanaApi, uid: string, { nodes }: GraphSize): Promise<boolean> {
  const { frames } = await api.query(uid, QUERY);
  return frames.some(({ data }) => data.values[0]?.length === nodes);
}

interface Subject {
  readonly browser: Browser;
  readonly api: GrafanaApi;
  readonly uid: string;
  readonly graph: GraphSize;
  readonly version: string;
}

async function measure({ browser, api, uid, graph, version }: Subject, panel: PanelKind): Promise<PanelFigures> {
  const spec = { title: 'Graph', type: panel, query: QUERY, width: 24, height: 20 };
  const path = await saveDashboard(api, uid, { uid: `bench-${panel}`, title: `Bench ${panel}`, panels: [spec] });
  const runs: RunFigures[] = [];
  for (let run = 0; run < RUNS; run++) {
    const page = await browser.newPage({
      viewport: { width: 1600, height: 900 },
      extraHTTPHeaders: { authorization: api.authorization },
    });
    try {
      runs.push(await runOnce(page, `${api.url}${path}?viewPanel=1`));
    } finally {
      await page.close();
    }
  }
  const of = (read: (run: RunFigures) => number): number => median(runs.map(read));
  return {
    part: 'panel',
    panel,
    grafana: version,
    ...graph,
    firstPictureMs: of((run) => run.firstPictureMs),
    refreshMs: median(runs.flatMap((run) => run.refreshesMs)),
    panFps: of((run) => run.panFps),
    zoomFps: of((run) => run.zoomFps),
    drawnNodes: of((run) => run.drawnNodes) || graph.nodes,
  };
}

interface RunFigures {
  readonly firstPictureMs: number;
  readonly refreshesMs: readonly number[];
  readonly panFps: number;
  readonly zoomFps: number;
  readonly drawnNodes: number;
}

async function runOnce(page: Page, url: string): Promise<RunFigures> {
  await page.addInitScript({ path: WATCH_SCRIPT });
  await page.goto(url);
  const firstPictureMs = await page.evaluate(() => (globalThis as unknown as PanelWindow).panelWatch.firstPicture());
  await page.waitForTimeout(QUIET_MS);
  const refreshesMs = await refreshes(page);
  const motion = await page.evaluate(async (durationMs) => {
    const { panelWatch } = globalThis as unknown as PanelWindow;
    const panFps = await panelWatch.pan(durationMs);
    return { panFps, zoomFps: await panelWatch.zoom(durationMs), drawnNodes: panelWatch.drawnNodes() };
  }, MOTION_MS);
  return { firstPictureMs, refreshesMs, ...motion };
}

/** Busy time of the page's main thread while a refresh is answered and shown, less that of an equal time at rest. */
async function refreshes(page: Page): Promise<readonly number[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const atRest = await busyWhile(session, () => page.waitForTimeout(QUIET_MS));
  const took: number[] = [];
  for (let refresh = 0; refresh < REFRESHES; refresh++) {
    const answered = page.waitForResponse(/\/api\/ds\/query/);
    const busy = await busyWhile(session, async () => {
      await page.getByTestId('data-testid RefreshPicker run button').click();
      await (await answered).finished();
      await page.waitForTimeout(QUIET_MS);
    });
    took.push(Math.max(0, busy - atRest));
  }
  return took;
}

async function busyWhile(session: CDPSession, run: () => Promise<void>): Promise<number> {
  const before = await busyMs(session);
  await run();
  return (await busyMs(session)) - before;
}

async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}
