import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';

export type MarkColor = 'success' | 'warning' | 'error' | 'info' | 'secondary';

const getStyles = ({ colors, spacing }: GrafanaTheme2, color: MarkColor) => ({
  mark: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: spacing(0.5),
    whiteSpace: 'nowrap',
    color: color === 'secondary' ? colors.text.secondary : colors[color].text,
  }),
});

interface MarkProps {
  readonly icon: IconName;
  readonly color: MarkColor;
  readonly text: string;
  /** Leaves the word to those who do not see the icon, and to a pointer that rests on it. */
  readonly isBrief?: boolean;
}

/** A word about a row, with its icon. */
export function Mark({ icon, color, text, isBrief = false }: MarkProps) {
  const styles = useStyles2(getStyles, color);
  return (
    <span className={styles.mark}>
      {isBrief ? <Icon name={icon} size="sm" title={text} /> : <Icon name={icon} size="sm" />}
      {!isBrief && text}
    </span>
  );
}
