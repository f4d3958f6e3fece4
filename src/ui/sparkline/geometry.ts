export type SparklineValues = readonly (number | null)[];

export interface Band {
  readonly expected?: SparklineValues;
  readonly lower?: SparklineValues;
  readonly upper?: SparklineValues;
}

/** From times and values to a square of 100 × 100 with y growing downwards. */
export interface Scale {
  x(timeMs: number): number;
  y(value: number): number;
}

interface ScaleParts {
  readonly times: readonly number[];
  readonly lists: readonly (SparklineValues | undefined)[];
}

/** Room above and below the line, in hundredths of the height, so that its width is not cut off. */
const MARGIN = 6;

/** Undefined when there is nothing to draw. */
export function scaleOf({ times, lists }: ScaleParts): Scale | undefined {
  let least = Infinity;
  let greatest = -Infinity;
  for (const list of lists) {
    for (const value of list ?? []) {
      if (value === null || !Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  if (least > greatest || times.length === 0) return undefined;
  const [start] = times;
  const span = times[times.length - 1] - start;
  const height = greatest - least;
  return {
    x: (timeMs) => (span === 0 ? 50 : ((timeMs - start) / span) * 100),
    // A constant lies in the middle; it has no other place.
    y: (value) => (height === 0 ? 50 : MARGIN + ((greatest - value) / height) * (100 - 2 * MARGIN)),
  };
}

const point = (x: number, y: number): string => `${x.toFixed(2)} ${y.toFixed(2)}`;
const isKnown = (value: number | null | undefined): value is number => value !== null && Number.isFinite(value);

/** SVG path data with a gap wherever a value is not known. A value between two gaps is a point, drawn by a round line cap. */
export function linePath(times: readonly number[], values: SparklineValues | undefined, scale: Scale): string {
  const parts: string[] = [];
  let isDrawing = false;
  times.forEach((timeMs, index) => {
    const value = values?.[index];
    if (!isKnown(value)) {
      isDrawing = false;
      return;
    }
    const at = point(scale.x(timeMs), scale.y(value));
    if (isDrawing) parts.push(`L${at}`);
    else parts.push(`M${at}${isKnown(values?.[index + 1]) ? '' : 'h0'}`);
    isDrawing = true;
  });
  return parts.join('');
}

/** One closed shape for each run of times of which both limits are known. */
export function bandPath(times: readonly number[], { lower, upper }: Band, scale: Scale): string {
  if (lower === undefined || upper === undefined) return '';
  const shapes: string[] = [];
  let tops: string[] = [];
  let bottoms: string[] = [];
  const close = (): void => {
    if (tops.length > 1) shapes.push(`M${[...tops, ...bottoms.toReversed()].join('L')}Z`);
    tops = [];
    bottoms = [];
  };
  times.forEach((timeMs, index) => {
    const low = lower[index];
    const high = upper[index];
    if (!isKnown(low) || !isKnown(high)) {
      close();
      return;
    }
    const x = scale.x(timeMs);
    tops.push(point(x, scale.y(high)));
    bottoms.push(point(x, scale.y(low)));
  });
  close();
  return shapes.join('');
}

/** The newest that is known. */
export function lastKnown(values: SparklineValues): { readonly index: number; readonly value: number } | undefined {
  const index = values.findLastIndex(isKnown);
  const value = values[index];
  return isKnown(value) ? { index, value } : undefined;
}

/** Of the time nearest to a place from the left edge (0) to the right one (1). Times need not be equally far apart. */
export function nearestIndex(times: readonly number[], share: number): number {
  const wanted = times[0] + share * (times[times.length - 1] - times[0]);
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (times[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low > 0 && wanted - times[low - 1] < times[low] - wanted ? low - 1 : low;
}
