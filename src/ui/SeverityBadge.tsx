import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { Severity } from '@topdeck/protocol';
import { severityColor, severityText } from './status.ts';
import { TEST_IDS } from './test-ids.ts';

/** As many filled bars of four as it is grave: an order that is seen without colour. */
const LEVELS: Readonly<Record<Severity, number>> = { low: 1, medium: 2, high: 3, critical: 4 };

const bars = (level: number, color: string): ReactNode =>
  [0, 1, 2, 3].map((index) => (
    <rect
      key={index}
      x={0.5 + index * 4}
      y={10 - index * 3}
      width={3}
      height={5 + index * 3}
      fill={index < level ? color : 'none'}
      stroke={color}
      strokeWidth={0.8}
    />
  ));

const getStyles = (theme: GrafanaTheme2) => ({
  badge: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    whiteSpace: 'nowrap',
  }),
  icon: css({ flexShrink: 0 }),
  critical: css({ fontWeight: theme.typography.fontWeightMedium }),
});

/** The severity of an anomaly as bars, colour and word. */
export function SeverityBadge({ severity }: { readonly severity: Severity }) {
  const styles = useStyles2(getStyles);
  const color = severityColor(useTheme2(), severity);
  return (
    <span className={styles.badge} data-testid={TEST_IDS.ui.severity(severity)}>
      <svg width={12} height={12} viewBox="0 0 16 16" className={styles.icon} aria-hidden="true">
        {bars(LEVELS[severity], color)}
      </svg>
      <span className={severity === 'critical' ? styles.critical : undefined}>{severityText(severity)}</span>
    </span>
  );
}
