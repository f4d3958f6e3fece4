import type { Thread } from './contract.ts';
import type { DrawingFigures } from './drawing.ts';
import type { PanelFigures } from './panels.ts';

interface Row {
  readonly title: string;
  /** For 1,000 nodes and for 10,000. */
  readonly goal: string;
  readonly text: (figures: DrawingFigures) => string;
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
const fps = (value: number): string => value.toFixed(1);

const ROWS: readonly Row[] = [
  { title: 'first picture', goal: '≤ 1 s / –', text: ({ firstPictureMs }) => ms(firstPictureMs) },
  {
    title: 'a scene handed over, main thread, median (p95)',
    goal: '≤ 16 ms / –',
    text: ({ updateMs, updateP95Ms }) => `${ms(updateMs)} (${ms(updateP95Ms)})`,
  },
  { title: 'pictures a second while panning, all in sight', goal: '≥ 30 / ≥ 12', text: ({ panFps }) => fps(panFps) },
  { title: 'the same, near enough for labels', goal: '≥ 30 / ≥ 12', text: ({ nearPanFps }) => fps(nearPanFps) },
  { title: 'pictures a second while zooming', goal: '–', text: ({ zoomFps }) => fps(zoomFps) },
];

const cell = (figures: readonly DrawingFigures[], { text }: Row, thread: Thread): string =>
  figures
    .filter((figure) => figure.thread === thread)
    .map(text)
    .join(' / ');

/** One row a figure; in each cell the sizes beside each other, the small graph first. */
export function tableOfDrawing(figures: readonly DrawingFigures[]): string {
  const rows = ROWS.map((row) => {
    const cells = [row.title, row.goal, cell(figures, row, 'worker'), cell(figures, row, 'main')];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| 1,000 nodes, 5,000 edges / 10,000, 50,000 | goal | worker | main thread |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The first figure is ours. Factors above 1 say how much better ours is. */
interface PanelRow {
  readonly title: string;
  readonly text: (figures: PanelFigures) => string;
  readonly factor: (ours: PanelFigures, native: PanelFigures) => number;
}

const PANEL_ROWS: readonly PanelRow[] = [
  {
    title: 'from the answer to the first picture',
    text: ({ firstPictureMs }) => ms(firstPictureMs),
    factor: (ours, native) => native.firstPictureMs / ours.firstPictureMs,
  },
  {
    title: 'main thread for one refresh, Grafana’s part included',
    text: ({ refreshMs }) => ms(refreshMs),
    factor: (ours, native) => native.refreshMs / ours.refreshMs,
  },
  {
    title: 'pictures a second while panning',
    text: ({ panFps }) => fps(panFps),
    factor: (ours, native) => ours.panFps / native.panFps,
  },
  {
    title: 'pictures a second while zooming',
    text: ({ zoomFps }) => fps(zoomFps),
    factor: (ours, native) => ours.zoomFps / native.zoomFps,
  },
];

const factorText = (factor: number): string => (Number.isFinite(factor) ? `${factor.toFixed(1)}×` : '–');

export function tableOfPanels([ours, native]: readonly PanelFigures[]): string {
  if (ours === undefined || native === undefined) return '';
  const rows = PANEL_ROWS.map(({ title, text, factor }) => {
    return `| ${[title, text(ours), text(native), factorText(factor(ours, native))].join(' | ')} |`;
  });
  const drawn = `${native.drawnNodes.toLocaleString('en')} of ${native.nodes.toLocaleString('en')} nodes`;
  const intro = `Alone on a page of Grafana ${ours.grafana}, with the same query, in turns; medians. Node Graph draws ${drawn}, ours all. What a canvas shows is read back at each frame, which takes a third of the main thread of ours.`;
  const head = ['| 1,000 nodes, 5,000 edges | Live topology | Node Graph | factor |', '|---|---|---|---|'];
  return `${intro}\n\n${[...head, ...rows].join('\n')}`;
}
