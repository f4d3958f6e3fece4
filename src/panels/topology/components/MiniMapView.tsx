import { css } from '@emotion/css';
import { useContext, useEffect, useRef, type PointerEvent } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { MiniMap } from '../draw/mini-map.ts';
import { drawTheme } from '../stage/draw-theme.ts';
import { DrawingContext } from '../stage/drawing.ts';
import type { Stage } from '../stage/stage.ts';
import { useLatest } from '../state/use-latest.ts';

const WIDTH = 140;
const HEIGHT = 96;

const getStyles = (theme: GrafanaTheme2) => ({
  map: css({
    position: 'absolute',
    right: theme.spacing(1),
    bottom: theme.spacing(1),
    width: WIDTH,
    height: HEIGHT,
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    cursor: 'crosshair',
    touchAction: 'none',
  }),
});

/** A shortcut for the pointer alone: by keyboard, the stage itself goes from node to node. */
export function MiniMapView({ stage }: { readonly stage: Stage | undefined }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const drawing = useContext(DrawingContext);
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<MiniMap | undefined>(undefined);
  const latestTheme = useLatest(theme);
  useEffect(() => {
    if (canvas.current === null || stage === undefined) return undefined;
    const size = { width: WIDTH, height: HEIGHT, pixelRatio: window.devicePixelRatio || 1 };
    const made = drawing.createMiniMap({ canvas: canvas.current, theme: drawTheme(latestTheme.current), size });
    map.current = made;
    return stage.attachMiniMap(made);
  }, [stage, drawing, latestTheme]);
  const goTo = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.buttons !== 1 || stage === undefined) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const view = map.current?.viewAt(event.clientX - left, event.clientY - top);
    if (view !== undefined) stage.setView(view);
  };
  return (
    <canvas
      ref={canvas}
      className={styles.map}
      aria-hidden="true"
      data-testid={TEST_IDS.topology.miniMap}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture?.(event.pointerId);
        goTo(event);
      }}
      onPointerMove={goTo}
    />
  );
}
