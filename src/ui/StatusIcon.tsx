import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import { useTheme2 } from '@grafana/ui';
import { statusColor, statusText, type Health } from './status.ts';
import { TEST_IDS } from './test-ids.ts';

interface Shape {
  readonly outline: ReactNode;
  readonly sign: ReactNode;
}

const octagon = <polygon points="5,1 11,1 15,5 15,11 11,15 5,15 1,11 1,5" />;
const failed: Shape = { outline: octagon, sign: <path d="M5.4 5.4 10.6 10.6 M10.6 5.4 5.4 10.6" /> };

/** In a square of 16. Each has an outline of its own, so that it is told apart without colour and at a glance. */
const SHAPES: Readonly<Record<Health, Shape>> = {
  healthy: { outline: <circle cx="8" cy="8" r="7" />, sign: <path d="M4.8 8.2 7.1 10.6 11.3 5.8" /> },
  degraded: { outline: <path d="M8 1.2 15.4 14.6 H.6 Z" />, sign: <path d="M8 6 V9.8 M8 11.9 V12.4" /> },
  failed,
  critical: failed,
  unknown: {
    outline: <circle cx="8" cy="8" r="6.2" fill="none" strokeWidth="1.5" strokeDasharray="2.6 1.7" />,
    sign: <path d="M6.2 6.4 C6.2 4 9.9 4.1 9.9 6.3 C9.9 7.8 8 7.8 8 9.3 M8 11.3 V11.7" />,
  },
};

const styles = { icon: css({ flexShrink: 0, verticalAlign: 'middle' }) };

export interface StatusIconProps {
  readonly status: Health;
  /** CSS pixels. */
  readonly size?: number;
  /** Names the status to those who do not see; false where text beside it does. */
  readonly isNamed?: boolean;
}

export function StatusIcon({ status, size = 16, isNamed = true }: StatusIconProps) {
  const theme = useTheme2();
  const color = statusColor(theme, status);
  const { outline, sign } = SHAPES[status];
  const signColor = status === 'unknown' ? color : theme.colors.background.primary;
  const name = isNamed ? ({ role: 'img', 'aria-label': statusText(status) } as const) : { 'aria-hidden': true };
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      className={styles.icon}
      data-testid={TEST_IDS.ui.statusIcon(status)}
      {...name}
    >
      <g fill={color} stroke={status === 'unknown' ? color : 'none'}>
        {outline}
      </g>
      <g fill="none" stroke={signColor} strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round">
        {sign}
      </g>
    </svg>
  );
}
