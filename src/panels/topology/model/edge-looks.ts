import type { GraphEdge } from '../graph.ts';
import type { Palette } from './palette.ts';

const MAX_WIDTH = 5;
const MAX_DOTS = 5;
/** A foreign frame may ask for any thickness; wider than this hides nodes. */
const MAX_ASKED = 20;

/** Pixels: one more for each power of ten of requests a second, at most 5. */
export const widthOfRate = (rate: number): number => Math.min(MAX_WIDTH, 1 + Math.log10(1 + Math.max(0, rate)));

export const widthOf = ({ thickness, rate }: GraphEdge): number =>
  thickness !== undefined && thickness > 0
    ? Math.min(MAX_ASKED, thickness)
    : rate === undefined
      ? 1
      : widthOfRate(rate);

/** Dots a second: half of one more for each doubling of the rate, so that both 1/s and 1,000/s can be told apart by eye. */
export const flowOf = ({ rate }: GraphEdge): number =>
  rate === undefined || rate <= 0 ? 0 : Math.min(MAX_DOTS, Math.log2(1 + rate) / 2);

/** By what is wrong; an edge without health has the colour of its frame. */
export function edgeColor({ status, color }: GraphEdge, palette: Palette): string {
  if (status === 'failed' || status === 'degraded') return palette.status[status];
  return status === undefined ? (color ?? palette.edge) : palette.edge;
}

export const isDashed = ({ status, dashed }: GraphEdge): boolean => status === 'unknown' || dashed === true;
