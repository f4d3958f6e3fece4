export const PARTS = [
  'overall',
  'counts',
  'connection',
  'services',
  'anomalies',
  'traffic',
  'failing-dependencies',
  'events',
] as const;
/** What of the panel is seen: `overall`, `counts` and `connection` stand in its head, the others are tabs. */
export type Part = (typeof PARTS)[number];

/** As a dashboard saves them. Absent keys have the defaults. */
export interface DiagnosticsOptions {
  /** In the order of PARTS, whatever order they are saved in. */
  readonly parts: readonly Part[];
  /** Name of the dashboard variable that holds the selected service; empty: the selection is the panel's own. */
  readonly selectionVariable: string;
}

export const DEFAULT_OPTIONS: DiagnosticsOptions = { parts: PARTS, selectionVariable: 'service' };
