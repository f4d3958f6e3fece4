import { useContext, useEffect, useLayoutEffect, useState, type RefObject } from 'react';
import { useTheme2 } from '@grafana/ui';
import type { Hit } from '../draw/scene.ts';
import { useLatest } from '../state/use-latest.ts';
import { drawTheme } from './draw-theme.ts';
import { DrawingContext } from './drawing.ts';
import type { Point } from './pointer.ts';
import { Stage, type StageEvents } from './stage.ts';

export interface StageHooks {
  readonly element: RefObject<HTMLElement | null>;
  readonly isGreedy: boolean;
  readonly onHover: (hovered: { readonly hit: Hit; readonly at: Point } | undefined) => void;
  readonly onSelect: (hit: Hit | undefined) => void;
  readonly onAround: (node: number) => void;
  readonly onExpand: (node: number) => void;
  readonly onMove: (node: number, place: Point) => void;
  readonly onStage: (stage: Stage | undefined) => void;
}

/** As maps do: until somebody has clicked on it, a wheel scrolls the page that it stands in. */
const isAsked = ({ ctrlKey, metaKey }: WheelEvent, element: HTMLElement): boolean =>
  ctrlKey || metaKey || element.contains(document.activeElement);

const eventsOf = (hooks: StageHooks): StageEvents => ({
  onHover: (hit, at) => hooks.onHover(hit && { hit, at }),
  onClick: (hit, isWithShift) => {
    if (isWithShift && hit?.kind === 'node') hooks.onAround(hit.index);
    else hooks.onSelect(hit);
  },
  onDoubleClick: (hit) => {
    if (hit?.kind === 'node') hooks.onExpand(hit.index);
  },
  onDrop: hooks.onMove,
  mayZoom: (event) => hooks.isGreedy || hooks.element.current === null || isAsked(event, hooks.element.current),
});

/**
 * The stage of an element, with a canvas of its own. The canvas is no element of React: one that was given to a worker
 * cannot be drawn on again, so each stage needs a new one, also where React mounts a component twice.
 */
export function useStage(hooks: StageHooks): Stage | undefined {
  const { element, onStage } = hooks;
  const drawing = useContext(DrawingContext);
  const theme = useTheme2();
  const [stage, setStage] = useState<Stage | undefined>();
  const latest = useLatest({ hooks, theme });
  useLayoutEffect(() => {
    const host = element.current;
    if (host === null) return undefined;
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    Object.assign(canvas.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' });
    host.append(canvas);
    const made = new Stage({
      element: host,
      canvas,
      drawing,
      theme: drawTheme(latest.current.theme),
      events: () => eventsOf(latest.current.hooks),
    });
    setStage(made);
    return () => {
      setStage(undefined);
      made.dispose();
      canvas.remove();
    };
  }, [element, drawing, latest]);
  useEffect(() => {
    onStage(stage);
    return () => onStage(undefined);
  }, [stage, onStage]);
  useEffect(() => stage?.setTheme(drawTheme(theme)), [stage, theme]);
  return stage;
}
