/** As a dashboard saves them. Absent keys have the defaults. */
export interface TopologyOptions {
  /** Name of the dashboard variable that holds what is selected; empty: the selection is the panel's own. */
  readonly selectionVariable: string;
  /** Collapse nodes of the same value of this field (`subtitle`, or the name of a detail) into one; empty: no grouping. */
  readonly groupBy: string;
  /** Moving dots along edges. */
  readonly flow: boolean;
  readonly legend: boolean;
  readonly miniMap: boolean;
  readonly controls: boolean;
  /** cooperative: a wheel scrolls the page until somebody has clicked on the graph. greedy: it always zooms. */
  readonly zoomMode: 'cooperative' | 'greedy';
  /** The time slider; only where the data source keeps a history. */
  readonly replay: boolean;
  /** Places that people dragged nodes to, by id; they go before those of the frame. */
  readonly places: Readonly<Record<string, readonly [x: number, y: number]>>;
}

export const DEFAULT_OPTIONS: TopologyOptions = {
  selectionVariable: 'service',
  groupBy: '',
  flow: false,
  legend: true,
  miniMap: true,
  controls: true,
  zoomMode: 'cooperative',
  replay: true,
  places: {},
};
