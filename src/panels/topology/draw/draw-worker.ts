/** The drawing thread. Says that it is there, then waits for a canvas. */
import { Drawing } from './drawing.ts';
import { ReceivedScene } from './drawn-scene.ts';
import { frameClock } from './frame-clock.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { PageFont } from './page-fonts.ts';
import type { Drawn } from './renderer.ts';
import type { DrawTheme } from './scene.ts';

/** What of a worker's global scope is used; the library of types has either a page's or a worker's. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
  readonly fonts?: FontFaceSet;
}

const scope = globalThis as unknown as WorkerScope;
const received = new ReceivedScene();
let drawing: Drawing | undefined;
let newestTheme: DrawTheme | undefined;

type Handlers = { readonly [Kind in ToWorker['kind']]: (message: Extract<ToWorker, { kind: Kind }>) => void };

const HANDLERS: Handlers = {
  start({ canvas, theme, fonts, isTold }) {
    const onDrawn = isTold ? (drawn: Drawn) => scope.postMessage({ kind: 'drawn', drawn }) : () => undefined;
    drawing = new Drawing({ canvas, theme, clock: frameClock, onDrawn });
    newestTheme = theme;
    // Another object: texts are measured again.
    for (const font of fonts) loadFont(font, () => newestTheme && drawing?.setTheme({ ...newestTheme }));
  },
  scene: ({ changed }) => drawing?.setScene(received.receive(changed)),
  view: ({ view }) => drawing?.setView(view),
  size: ({ size }) => drawing?.setSize(size),
  theme({ theme }) {
    newestTheme = theme;
    drawing?.setTheme(theme);
  },
  flow: ({ isOn }) => drawing?.setFlow(isOn),
};

/** A font that does not come leaves texts in the next family, as on the page. */
function loadFont({ family, source, descriptors }: PageFont, onLoaded: () => void): void {
  if (scope.fonts === undefined) return;
  const face = new FontFace(family, source, descriptors);
  scope.fonts.add(face);
  face.load().then(onLoaded, () => scope.fonts?.delete(face));
}

scope.onmessage = ({ data }) => (HANDLERS[data.kind] as (message: ToWorker) => void)(data);
scope.postMessage({ kind: 'ready', canDraw: typeof requestAnimationFrame === 'function' });
