import { css } from '@emotion/css';
import { useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Hit, Scene } from '../draw/scene.ts';
import type { Point } from '../stage/pointer.ts';
import type { Stage } from '../stage/stage.ts';
import { useCursor } from '../stage/use-cursor.ts';
import { useSize } from '../stage/use-size.ts';
import { useStage } from '../stage/use-stage.ts';
import { MiniMapView } from './MiniMapView.tsx';
import { Tooltip, type TooltipContent } from './Tooltip.tsx';

export interface StageViewProps {
  readonly scene: Scene;
  readonly flow: boolean;
  readonly miniMap: boolean;
  /** A wheel moves the view also where nobody has clicked on it; the page does not scroll there. */
  readonly isGreedy: boolean;
  readonly isHidden: boolean;
  readonly isSelected: boolean;
  readonly label: string;
  readonly describe: (hit: Hit) => TooltipContent | undefined;
  /** In words, for those who do not see it. */
  readonly announce: (node: number) => string;
  /** undefined: nothing was under the pointer, or Escape. */
  readonly onSelect: (hit: Hit | undefined) => void;
  readonly onAround: (node: number) => void;
  readonly onExpand: (node: number) => void;
  readonly onMove: (node: number, place: Point) => void;
  /** Told when it can be commanded, and with undefined when no longer. */
  readonly onStage: (stage: Stage | undefined) => void;
  readonly children?: ReactNode;
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ position: 'absolute', inset: 0, overflow: 'hidden' }),
  hidden: css({ visibility: 'hidden' }),
  stage: css({
    position: 'absolute',
    inset: 0,
    touchAction: 'none',
    userSelect: 'none',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  unseen: css({
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  }),
});

/** The canvas in React: makes the stage, feeds it, and shows what hangs on the pointer. */
export function StageView(props: StageViewProps) {
  const { scene, flow, isHidden, label, describe } = props;
  const styles = useStyles2(getStyles);
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  const [hovered, setHovered] = useState<{ readonly hit: Hit; readonly at: Point } | undefined>();
  const stage = useStage({ ...props, element, onHover: setHovered });
  useLayoutEffect(() => stage?.setScene(scene), [stage, scene]);
  useLayoutEffect(() => stage?.setFlow(flow), [stage, flow]);
  useLayoutEffect(() => {
    if (size !== undefined && size.width > 0 && size.height > 0) stage?.setSize(size);
  }, [stage, size]);
  const { onKeyDown, onBlur, spoken } = useCursor({ ...props, stage });
  const help = useId();
  const content = hovered && size && describe(hovered.hit);
  return (
    <div className={isHidden ? `${styles.frame} ${styles.hidden}` : styles.frame}>
      <div
        ref={element}
        role="application"
        tabIndex={0}
        aria-label={label}
        aria-describedby={help}
        className={styles.stage}
        data-testid={TEST_IDS.topology.stage}
        onKeyDown={onKeyDown}
        onBlur={onBlur}
      />
      <span id={help} className={styles.unseen}>
        {t(
          'topology.stage.help',
          'Arrow keys go from node to node along edges, Home to the worst one. Enter selects, Shift and Enter shows what is around, Escape clears. Plus, minus and 0 zoom; Shift and arrow keys move the picture.',
        )}
      </span>
      <span className={styles.unseen} role="status" data-testid={TEST_IDS.topology.spoken}>
        {spoken}
      </span>
      {props.miniMap && <MiniMapView stage={stage} />}
      {props.children}
      {content && <Tooltip {...content} {...hovered.at} {...size} />}
    </div>
  );
}
