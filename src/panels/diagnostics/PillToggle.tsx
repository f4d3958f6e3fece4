import { css, cx } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

const getStyles = (theme: GrafanaTheme2) => ({
  pill: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    minHeight: theme.spacing(3),
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.pill,
    background: 'none',
    color: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  }),
  isOn: css({
    background: theme.colors.action.selected,
    borderColor: theme.colors.primary.border,
    fontWeight: theme.typography.fontWeightMedium,
  }),
});

interface PillToggleProps {
  readonly isOn: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
  readonly title?: string;
  readonly testId?: string;
}

/** A filter that is on or off. */
export function PillToggle({ isOn, onToggle, children, title, testId }: PillToggleProps) {
  const styles = useStyles2(getStyles);
  return (
    <button
      type="button"
      className={cx(styles.pill, isOn && styles.isOn)}
      aria-pressed={isOn}
      onClick={onToggle}
      title={title}
      data-testid={testId}
    >
      {children}
    </button>
  );
}
