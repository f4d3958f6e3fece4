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
 * A node with its label is less than COLUMN wide and less than ROW high (Grafana's Node Graph draws circles of 80 with
 * labels of 140 × 40 below). Every y is a multiple of ROW, so two nodes overlap only if they share a row and are closer
 * than COLUMN.
 */
export const COLUMN = 180;
export const ROW = 130;
/** Rows from one layer to the next: the row between stays free for what is put between two layers later. */
export const LAYER_ROWS = 2;
/** Every x is a multiple of this, as are all distances, so that rounding keeps distances. */
export const GRID = 10;

export const NOWHERE: Places = { ids: [], x: new Float64Array(0), y: new Float64Array(0) };
