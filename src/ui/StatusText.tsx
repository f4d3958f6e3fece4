import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { statusColor, statusText, type Health } from './status.ts';
import { StatusIcon } from './StatusIcon.tsx';

const getStyles = (theme: GrafanaTheme2) => ({
  text: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    whiteSpace: 'nowrap',
  }),
});

export interface StatusTextProps {
  readonly status: Health;
  readonly size?: number;
}

/** The status as shape, colour and word. */
export function StatusText({ status, size }: StatusTextProps) {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.text} style={{ color: statusColor(useTheme2(), status) }}>
      <StatusIcon status={status} size={size} isNamed={false} />
      {statusText(status)}
    </span>
  );
}
