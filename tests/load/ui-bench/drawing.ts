import type { Browser } from '@playwright/test';
import type { BenchWindow, GraphSize, Motion, Thread } from './contract.ts';
import { buildPage, servePage } from './page-server.ts';

/** The drawing alone, of a graph of one size on one thread. Milliseconds, and pictures a second. */
export interface DrawingFigures extends GraphSize {
  readonly part: 'drawing';
  readonly thread: Thread;
  readonly firstPictureMs: number;
  readonly updateMs: number;
  readonly updateP95Ms: number;
  readonly panFps: number;
  /** Near enough for labels. */
  readonly nearPanFps: number;
  readonly zoomFps: number;
}

export const GRAPHS: readonly GraphSize[] = [
  { nodes: 1_000, edges: 5_000 },
  { nodes: 10_000, edges: 50_000 },
];
const THREADS: readonly Thread[] = ['worker', 'main'];
const RUNS = 3;
const MOTION_MS = 2_000;
const UPDATES = 20;
const NEAR_K = 0.6;

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;
const median = (values: readonly number[]): number => quantile(values, 0.5);
const fpsOf = (motions: readonly Motion[]): number => median(motions.map(({ fps }) => fps));

export async function measureDrawing(browser: Browser): Promise<readonly DrawingFigures[]> {
  await buildPage();
  const server = await servePage();
  try {
    const figures: DrawingFigures[] = [];
    for (const graph of GRAPHS) {
      for (const thread of THREADS) figures.push(await measure(browser, { graph, thread, url: server.url }));
    }
    return figures;
  } finally {
    await server.close();
  }
}

interface Subject {
  readonly graph: GraphSize;
  readonly thread: Thread;
  readonly url: string;
}

/** Medians of several runs, each on a fresh page. */
async function measure(browser: Browser, subject: Subject): Promise<DrawingFigures> {
  const runs = [];
  for (let run = 0; run < RUNS; run++) runs.push(await runOnce(browser, subject));
  const updates = runs.flatMap((run) => run.updates);
  return {
    part: 'drawing',
    ...subject.graph,
    thread: subject.thread,
    firstPictureMs: median(runs.map((run) => run.firstPictureMs)),
    updateMs: median(updates),
    updateP95Ms: quantile(updates, 0.95),
    panFps: fpsOf(runs.map((run) => run.pan)),
    nearPanFps: fpsOf(runs.map((run) => run.near)),
    zoomFps: fpsOf(runs.map((run) => run.zoom)),
  };
}

interface Run {
  readonly firstPictureMs: number;
  readonly updates: readonly number[];
  readonly pan: Motion;
  readonly near: Motion;
  readonly zoom: Motion;
}

async function runOnce(browser: Browser, { graph, thread, url }: Subject): Promise<Run> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  try {
    await page.goto(url);
    const options = { graph, thread, motionMs: MOTION_MS, updates: UPDATES, nearK: NEAR_K };
    const run = await page.evaluate(async (asked) => {
      const { bench } = globalThis as unknown as BenchWindow;
      bench.prepare(asked.graph);
      return {
        firstPictureMs: await bench.firstPicture(asked.thread),
        updates: await bench.updates(asked.updates),
        pan: await bench.pan(asked.motionMs),
        near: await bench.pan(asked.motionMs, asked.nearK),
        zoom: await bench.zoom(asked.motionMs),
        drawnBy: bench.thread(),
      };
    }, options);
    if (run.drawnBy !== thread) throw new Error(`asked for the thread ${thread}, and ${run.drawnBy} drew`);
    return run;
  } finally {
    await page.close();
  }
}
