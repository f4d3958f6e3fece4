/** Runs in a page of Grafana, beside whichever of the two panels it shows: the same hand, the same eyes. */
import type { PanelWatch, PanelWindow } from '../contract.ts';

const QUERY = /\/api\/ds\/query/;
const STEP_PX = 12;
const CIRCLE_PX = 200;
const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

interface Drawing {
  /** Where a hand takes hold. */
  readonly element: Element;
  /** Text that differs when what is seen does; empty while there is no picture. */
  look(): string;
}

/** Nodes of the native panel are elements of SVG, moved by a transform of their group. */
function nativeDrawing(): Drawing | undefined {
  const element = document.querySelector('svg:has(g[data-node-id])');
  if (element === null) return undefined;
  const group = element.querySelector('g');
  return {
    element,
    look: () => `${element.querySelectorAll('g[data-node-id]').length} ${group?.getAttribute('style') ?? ''}`,
  };
}

/** A canvas, perhaps drawn by a worker: only its pixels tell what is seen. */
function ourDrawing(): Drawing | undefined {
  const element = document.querySelector('[data-testid="live-topology-stage"]');
  const canvas = element?.querySelector('canvas');
  if (element === null || canvas === null || canvas === undefined) return undefined;
  const probe = new OffscreenCanvas(320, 2).getContext('2d', { willReadFrequently: true });
  return {
    element,
    look() {
      if (probe === null || canvas.width === 0) return '';
      probe.clearRect(0, 0, 320, 2);
      // Through the middle of the picture, not scaled: a move of one pixel is another text.
      probe.drawImage(canvas, canvas.width / 2 - 160, canvas.height / 2, 320, 2, 0, 0, 320, 2);
      const { data } = probe.getImageData(0, 0, 320, 2);
      return data.some((channel) => channel > 0) ? data.join() : '';
    },
  };
}

const found = (): Drawing | undefined => nativeDrawing() ?? ourDrawing();

function answeredMs(): number | undefined {
  const answers = performance.getEntriesByType('resource').filter(({ name }) => QUERY.test(name));
  return (answers[0] as PerformanceResourceTiming | undefined)?.responseEnd;
}

const mouse = (type: string, x: number, y: number): MouseEvent =>
  new MouseEvent(type, {
    clientX: x,
    clientY: y,
    screenX: x,
    screenY: y,
    button: 0,
    bubbles: true,
    cancelable: true,
    view: window,
  });

/** So many pictures are waited for beyond the time, but not for ever. */
const LEAST_SHOWN = 4;
const MOST_MS = 30_000;

/** Different pictures a second while `step` is called at each frame. */
async function shownWhile(durationMs: number, step: (count: number, drawing: Drawing) => void): Promise<number> {
  const drawing = found();
  if (drawing === undefined) throw new Error('no panel is drawn');
  let last = drawing.look();
  let shown = 0;
  const startMs = performance.now();
  const isDone = (): boolean => {
    const passedMs = performance.now() - startMs;
    return passedMs > MOST_MS || (passedMs > durationMs && shown >= LEAST_SHOWN);
  };
  for (let count = 1; !isDone(); count++) {
    step(count, drawing);
    await frame();
    const look = drawing.look();
    if (look !== last) shown++;
    last = look;
  }
  return (1000 * shown) / (performance.now() - startMs);
}

const watch: PanelWatch = {
  async firstPicture() {
    let look = '';
    let isKnown = false;
    let shownMs = 0;
    for (let still = 0; still < 3;) {
      const nowMs = await frame();
      const seen = found()?.look() ?? '';
      const isSame = seen !== '' && !seen.startsWith('0 ') && seen === look;
      // What an element holds in one frame is painted when the next one begins.
      if (isSame && !isKnown) shownMs = nowMs;
      isKnown = isSame;
      still = isSame ? still + 1 : 0;
      look = seen;
    }
    const answered = answeredMs();
    if (answered === undefined) throw new Error('no query was answered');
    return shownMs - answered;
  },
  async pan(durationMs) {
    const box = found()?.element.getBoundingClientRect();
    if (box === undefined) throw new Error('no panel is drawn');
    // In a corner, where no node is.
    const at = (angle: number): [number, number] => [
      box.left + 4 + CIRCLE_PX - CIRCLE_PX * Math.cos(angle),
      box.top + 4 + CIRCLE_PX * Math.sin(angle),
    ];
    found()?.element.dispatchEvent(mouse('mousedown', ...at(0)));
    const fps = await shownWhile(durationMs, (count) => {
      document.body.dispatchEvent(mouse('mousemove', ...at((count * STEP_PX) / CIRCLE_PX)));
    });
    document.body.dispatchEvent(mouse('mouseup', ...at(0)));
    return fps;
  },
  zoom: (durationMs) =>
    shownWhile(durationMs, (count, { element }) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const deltaY = Math.floor(count / 40) % 2 === 0 ? -4 : 4;
      const at = { clientX: left + width / 2, clientY: top + height / 2 };
      element.dispatchEvent(new WheelEvent('wheel', { deltaY, ...at, ctrlKey: true, bubbles: true, cancelable: true }));
    }),
  drawnNodes: () => document.querySelectorAll('g[data-node-id]').length,
};

Object.assign(window as unknown as { -readonly [Key in keyof PanelWindow]: PanelWindow[Key] }, { panelWatch: watch });
