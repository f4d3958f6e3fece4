import { css } from '@emotion/css';
import { useId, useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { IconButton, useStyles2 } from '@grafana/ui';
import { onEscape } from '../on-escape.ts';
import { TEST_IDS } from '../test-ids.ts';

/** CSS pixels; below it there is no room for a panel beside the sheet. */
export const WHOLE_BELOW = 480;
const WIDTH = 400;

const getStyles = ({ colors, spacing, shadows, typography }: GrafanaTheme2) => ({
  sheet: css({
    position: 'absolute',
    top: 0,
    right: 0,
    bottom: 0,
    // Over what the panel draws; its root makes this a matter of the panel alone.
    zIndex: 10,
    overflow: 'auto',
    background: colors.background.primary,
    borderLeft: `1px solid ${colors.border.medium}`,
    boxShadow: shadows.z2,
    '&:focus': { outline: 'none' },
    '&:focus-visible': { outline: `2px solid ${colors.primary.border}`, outlineOffset: -2 },
    // The head stays over the outline while the rest is scrolled.
    '&:focus-visible > :first-child': {
      boxShadow: `inset 2px 2px ${colors.primary.border}, inset -2px 0 ${colors.primary.border}`,
    },
  }),
  head: css({
    position: 'sticky',
    top: 0,
    zIndex: 1,
    display: 'flex',
    alignItems: 'flex-start',
    gap: spacing(1),
    padding: spacing(1.5),
    background: colors.background.primary,
    borderBottom: `1px solid ${colors.border.weak}`,
  }),
  title: css({
    flex: 1,
    minWidth: 0,
    margin: 0,
    fontSize: typography.h5.fontSize,
    fontWeight: typography.fontWeightMedium,
    overflowWrap: 'anywhere',
  }),
  body: css({ padding: spacing(0, 1.5, 1.5) }),
});

export interface SheetProps {
  readonly title: string;
  /** Tells one subject from another: the focus goes to the beginning when it changes. */
  readonly subjectKey: string;
  readonly panelWidth: number;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Only from within the same panel: one whose selection comes with a dashboard's address must not take the focus. */
const hasFocusAround = (sheet: HTMLElement): boolean => sheet.parentElement?.contains(document.activeElement) === true;

/** Moves the focus in, and back to where it was when the sheet goes. */
function useFocus(subjectKey: string): RefObject<HTMLDivElement> {
  const sheet = useRef<HTMLDivElement>(null);
  // A layout effect: its end is told while what has the focus is still there.
  useLayoutEffect(() => {
    const element = sheet.current;
    if (element === null || !hasFocusAround(element)) return undefined;
    const before = document.activeElement as HTMLElement;
    return () => {
      const active = document.activeElement;
      const isOurs = active === null || active === document.body || element.contains(active);
      if (isOurs && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  useLayoutEffect(() => {
    const element = sheet.current;
    if (element === null) return;
    if (hasFocusAround(element)) element.focus({ preventScroll: true });
    element.scrollTop = 0;
  }, [subjectKey]);
  return sheet;
}

/** A side sheet inside the panel, not over the page: it works on walls of screens and where there is no Grafana around. */
export function Sheet({ title, subjectKey, panelWidth, onClose, children }: SheetProps) {
  const styles = useStyles2(getStyles);
  const titleId = useId();
  const sheet = useFocus(subjectKey);
  const isWhole = panelWidth < WHOLE_BELOW;
  return (
    <div
      ref={sheet}
      role="dialog"
      aria-labelledby={titleId}
      tabIndex={0}
      className={styles.sheet}
      style={{ width: isWhole ? '100%' : WIDTH }}
      onKeyDown={onEscape(onClose)}
      data-testid={TEST_IDS.drawer.root}
    >
      <div className={styles.head}>
        <h3 id={titleId} className={styles.title} data-testid={TEST_IDS.drawer.title}>
          {title}
        </h3>
        <IconButton
          name="times"
          size="lg"
          aria-label={t('ui.drawer.close', 'Close')}
          onClick={onClose}
          data-testid={TEST_IDS.drawer.close}
        />
      </div>
      <div className={styles.body}>{children}</div>
    </div>
  );
}

/** Before what has the focus goes away with the subject it belongs to. */
export const focusSheet = (inside: Element): void =>
  inside.closest<HTMLElement>('[role="dialog"]')?.focus({ preventScroll: true });
