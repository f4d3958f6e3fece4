import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Detail } from '../graph.ts';

export interface TooltipContent {
  readonly title: string;
  readonly subtitle: string;
  /** Status and mark in words. */
  readonly state: string;
  readonly details: readonly Detail[];
}

interface TooltipProps extends TooltipContent {
  /** Of the pointer, in pixels of the panel. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** More than these are read in the details, which a click opens. */
const MAX_DETAILS = 8;
const GAP = 14;

const getStyles = (theme: GrafanaTheme2) => ({
  tooltip: css({
    position: 'absolute',
    zIndex: 3,
    pointerEvents: 'none',
    maxWidth: 'min(300px, 90%)',
    padding: theme.spacing(1),
    background: theme.colors.background.elevated,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z2,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  title: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
  secondary: css({ color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
  row: css({ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(2) }),
});

/** Beside the pointer, on the side that has room. What it tells, details and list tell to whoever has no pointer. */
export function Tooltip({ x, y, width, height, title, subtitle, state, details }: TooltipProps) {
  const styles = useStyles2(getStyles);
  const known = details.filter(({ text }) => text !== '').slice(0, MAX_DETAILS);
  const place = {
    ...(x > width / 2 ? { right: width - x + GAP } : { left: x + GAP }),
    ...(y > height / 2 ? { bottom: height - y + GAP } : { top: y + GAP }),
  };
  return (
    <div className={styles.tooltip} style={place} aria-hidden="true" data-testid={TEST_IDS.topology.tooltip}>
      <div className={styles.title}>{title}</div>
      {subtitle !== '' && <div className={styles.secondary}>{subtitle}</div>}
      {state !== '' && <div>{state}</div>}
      {known.map(({ key, label, text }) => (
        <div key={key} className={styles.row}>
          <span className={styles.secondary}>{label}</span>
          <span>{text}</span>
        </div>
      ))}
    </div>
  );
}
