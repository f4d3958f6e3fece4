import { css, cx } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { onEscape } from '../../../ui/on-escape.ts';

interface SheetProps {
  readonly id: string;
  readonly label: string;
  readonly onClose: () => void;
  readonly testId: string;
  readonly side: 'left' | 'right';
  readonly children: ReactNode;
}

const getStyles = (theme: GrafanaTheme2) => ({
  sheet: css({
    position: 'absolute',
    top: '100%',
    zIndex: 4,
    width: 'min(340px, 100%)',
    // Of the panel, less the toolbar: what does not fit is scrolled to.
    maxHeight: 'calc(var(--topology-height) - 48px)',
    overflow: 'auto',
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1.5),
    padding: theme.spacing(1.5),
    background: theme.colors.background.elevated,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
  }),
  left: css({ left: 0 }),
  right: css({ right: 0 }),
});

/** Hangs from the toolbar, within the panel; closed by Escape or by the button that opened it. */
export function Sheet({ id, label, onClose, testId, side, children }: SheetProps) {
  const styles = useStyles2(getStyles);
  return (
    <section
      id={id}
      className={cx(styles.sheet, styles[side])}
      aria-label={label}
      onKeyDown={onEscape(onClose)}
      data-testid={testId}
    >
      {children}
    </section>
  );
}
