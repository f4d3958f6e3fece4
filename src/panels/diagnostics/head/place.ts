/** All in CSS pixels of the window. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly maxHeight: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}
type Rect = Readonly<Record<'top' | 'bottom' | 'right', number>>;

const GAP = 6;
const MARGIN = 8;

/** Below what it hangs on, or above where there is more room; right edges aligned, and all of it in view. */
export function placeBeside(anchor: Rect, { width, height }: Size, view: Size): Place {
  const below = view.height - MARGIN - (anchor.bottom + GAP);
  const above = anchor.top - GAP - MARGIN;
  const isBelow = below >= height || below >= above;
  const maxHeight = Math.max(0, isBelow ? below : above);
  const left = Math.max(MARGIN, Math.min(anchor.right - width, view.width - MARGIN - width));
  return { left, top: isBelow ? anchor.bottom + GAP : anchor.top - GAP - Math.min(height, maxHeight), maxHeight };
}
