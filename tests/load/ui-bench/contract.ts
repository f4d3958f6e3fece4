/** What the page offers to whoever drives it. */
export interface GraphSize {
  readonly nodes: number;
  readonly edges: number;
}

export type Thread = 'worker' | 'main';

export interface Motion {
  /** Pictures a second. */
  readonly fps: number;
  /** Median of the drawing thread's time for one. */
  readonly tookMs: number;
}

export interface Difference {
  /** Pixels that differ at all. */
  readonly pixels: number;
  /** Of the most different channel, from 0 to 255. */
  readonly most: number;
}

export interface BenchPage {
  /** Makes the graph; nothing is drawn yet. */
  prepare(graph: GraphSize): void;
  /** Milliseconds from columns handed over to their pixels on the page, the start of a worker included. */
  firstPicture(thread: Thread): Promise<number>;
  /** Main-thread milliseconds of each update. */
  updates(count: number): Promise<readonly number[]>;
  /** At the scale that shows all of the graph, or a nearer one. */
  pan(durationMs: number, k?: number): Promise<Motion>;
  zoom(durationMs: number): Promise<Motion>;
  /** Which thread draws. */
  thread(): Thread;
  /** Moves the view by CSS pixels, and waits for the picture. */
  moveBy(dx: number, dy: number): Promise<void>;
  /** Paints all of the picture again, and waits for it. */
  repaint(): Promise<void>;
  /** Keeps what the canvas shows. */
  remember(): Promise<void>;
  /** Between what is kept and what the canvas shows now. */
  difference(): Promise<Difference>;
}

/** Of the page, as seen from a script that runs in it. */
export interface BenchWindow {
  readonly bench: BenchPage;
}

/** What is put into a page of Grafana that shows one panel. */
export interface PanelWatch {
  /** Milliseconds from the answer of the query to the first picture that does not change any more. */
  firstPicture(): Promise<number>;
  /** Different pictures a second while a hand drags, or turns a wheel. */
  pan(durationMs: number): Promise<number>;
  zoom(durationMs: number): Promise<number>;
  /** Elements of nodes; those of a canvas cannot be counted. */
  drawnNodes(): number;
}

export interface PanelWindow {
  readonly panelWatch: PanelWatch;
}
