import { css, cx } from '@emotion/css';
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

interface MarkedProps {
  readonly icon: IconName;
  readonly color: MarkColor;
  /** What the icon stands for. */
  readonly name: string;
  readonly text: string;
}

const markedStyles = {
  icon: css({ flexShrink: 0, marginRight: 6 }),
  text: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
};

/** A text with an icon in front, where there is no room for a word about it. */
export function Marked({ icon, color, name, text }: MarkedProps) {
  const styles = useStyles2(getStyles, color);
  return (
    <>
      <span className={cx(styles.mark, markedStyles.icon)}>
        <Icon name={icon} size="sm" title={name} />
      </span>
      <span className={markedStyles.text} title={text}>
        {text}
      </span>
    </>
  );
}

interface MarkProps {
  readonly icon: IconName;
  readonly color: MarkColor;
  readonly text: string;
}

/** A word about a row, with its icon. */
export function Mark({ icon, color, text }: MarkProps) {
  const styles = useStyles2(getStyles, color);
  return (
    <span className={styles.mark}>
      <Icon name={icon} size="sm" />
      {text}
    </span>
  );
}
