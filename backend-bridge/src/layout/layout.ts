/** What is laid out: structured-cloneable, so that it can cross threads as it is. */
export interface LayoutGraph {
  /** Ascending, without repeats. */
  readonly ids: readonly string[];
  /** Edge e goes from ids[edgeSource[e]] (the caller) to ids[edgeTarget[e]]; no edge from a node to itself. */
  readonly edgeSource: Uint32Array;
  readonly edgeTarget: Uint32Array;
}

/** Centre of the node ids[i]: unitless, y grows downwards. */
export interface Places {
  readonly ids: readonly string[];
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface Layout extends Places {
  /** Places of nodes that left, the latest first: whoever comes back gets the old place unless somebody else took it. */
  readonly departed: Places;
}

/**
 * Grafana's Node Graph draws circles of 80 with labels of 140 × 40 below, and begins at scale 1: a node with its label has
 * room in COLUMN × NODE_ROWS rows, and there is no more space than that. Every y is a multiple of ROW. Two nodes overlap
 * when they are less than NODE_ROWS rows and less than COLUMN apart.
 */
export const COLUMN = 140;
export const ROW = 80;
export const NODE_ROWS = 2;
/** From one layer to the next. The row between takes what is put between two layers later, where there is a gap. */
export const LAYER_ROWS = 2;
/** Between parts of the drawing that have nothing to do with each other. */
export const PART_ROWS = 3;
/** Every x is a multiple of this, as are all distances, so that rounding keeps distances. */
export const GRID = 10;

export const NOWHERE: Places = { ids: [], x: new Float64Array(0), y: new Float64Array(0) };
