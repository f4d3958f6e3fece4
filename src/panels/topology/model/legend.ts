import { STATUSES, type Status } from '@topdeck/protocol';
import { MARKS, type Mark } from '../draw/scene.ts';
import type { Graph } from '../graph.ts';
import { arcColumns } from './frame-colors.ts';
import { graphFields } from './frame-fields.ts';
import type { Palette } from './palette.ts';

export type LegendEntry =
  | { readonly kind: 'status'; readonly status: Status; readonly color: string; readonly count: number }
  | { readonly kind: 'mark'; readonly mark: Exclude<Mark, 'none'>; readonly count: number }
  /** A section of the rings. `share` is its part of all rings together, from [0, 1]. */
  | { readonly kind: 'arc'; readonly label: string; readonly color: string; readonly share: number };

function statusEntries({ nodes }: Graph, palette: Palette): readonly LegendEntry[] {
  return STATUSES.map((status) => ({
    kind: 'status',
    status,
    color: palette.status[status],
    count: nodes.filter((node) => node.status === status).length,
  }));
}

function arcEntries({ frames, nodes }: Graph, palette: Palette): readonly LegendEntry[] {
  return arcColumns(graphFields(frames.nodes), palette).map(({ label, color, values }) => {
    const sum = nodes.reduce((total, { row }) => total + Math.min(1, Math.max(0, Number(values[row] ?? 0) || 0)), 0);
    return { kind: 'arc', label, color, share: nodes.length === 0 ? 0 : sum / nodes.length };
  });
}

/** Of the graph before grouping. Every status is told, also with 0; marks only where there are any. */
export function legendOf(graph: Graph, palette: Palette): readonly LegendEntry[] {
  const tellsHealth = graph.nodes.some(({ status }) => status !== undefined);
  const marks = MARKS.filter((mark) => mark !== 'none')
    .map((mark): LegendEntry & { count: number } => ({
      kind: 'mark',
      mark,
      count: graph.nodes.filter((node) => node.mark === mark).length,
    }))
    .filter(({ count }) => count > 0);
  return [...(tellsHealth ? statusEntries(graph, palette) : arcEntries(graph, palette)), ...marks];
}
