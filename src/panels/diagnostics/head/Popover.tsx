import { css } from '@emotion/css';
import { useEffect, useLayoutEffect, useRef, useState, type FocusEvent, type ReactNode, type RefObject } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { Portal, useStyles2 } from '@grafana/ui';
import { onEscape } from '../../../ui/on-escape.ts';
import { placeBeside, type Place } from './place.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  popover: css({
    position: 'fixed',
    maxWidth: `calc(100vw - ${theme.spacing(2)})`,
    padding: theme.spacing(1.5),
    overflowY: 'auto',
    background: theme.colors.background.elevated,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
    color: theme.colors.text.primary,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
});

interface PopoverProps {
  /** What it hangs on, and what has the focus again when it closes by Escape. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const PENDING: Place = { left: 0, top: 0, maxHeight: 0 };

function usePlace(anchor: RefObject<HTMLElement | null>, popover: RefObject<HTMLElement | null>): Place | undefined {
  const [place, setPlace] = useState<Place | undefined>();
  useLayoutEffect(() => {
    const update = (): void => {
      if (anchor.current === null || popover.current === null) return;
      const { offsetWidth: width, scrollHeight: height } = popover.current;
      const view = { width: window.innerWidth, height: window.innerHeight };
      setPlace(placeBeside(anchor.current.getBoundingClientRect(), { width, height }, view));
    };
    update();
    const observer = new ResizeObserver(update);
    if (popover.current) observer.observe(popover.current);
    window.addEventListener('resize', update);
    // Of whatever scrolls around the panel, which a scroll does not bubble from.
    window.addEventListener('scroll', update, true);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', update);
      window.removeEventListener('scroll', update, true);
    };
  }, [anchor, popover]);
  return place;
}

function useClickOutside(refs: readonly RefObject<HTMLElement | null>[], onClose: () => void): void {
  const held = useRef({ refs, onClose });
  held.current = { refs, onClose };
  useEffect(() => {
    const onPress = ({ target }: PointerEvent): void => {
      const isInside = held.current.refs.some(({ current }) => target instanceof Node && current?.contains(target));
      if (!isInside) held.current.onClose();
    };
    document.addEventListener('pointerdown', onPress, true);
    return () => document.removeEventListener('pointerdown', onPress, true);
  }, []);
}

/**
 * Hangs over the page, which stays usable. Not Grafana's Toggletip: that hides all else from assistive technology and leaves
 * it focusable, which axe reports.
 */
export function Popover({ anchor, label, onClose, children }: PopoverProps) {
  const styles = useStyles2(getStyles);
  const popover = useRef<HTMLDivElement>(null);
  const place = usePlace(anchor, popover) ?? PENDING;
  useClickOutside([anchor, popover], onClose);
  useEffect(() => popover.current?.focus({ preventScroll: true }), []);
  const onKeyDown = onEscape(() => {
    onClose();
    anchor.current?.focus();
  });
  const onBlur = ({ relatedTarget }: FocusEvent): void => {
    // Without one, nothing else has the focus: a click on a text, or another window.
    if (relatedTarget === null || popover.current?.contains(relatedTarget) || anchor.current?.contains(relatedTarget)) {
      return;
    }
    onClose();
  };
  return (
    <Portal>
      <div
        ref={popover}
        role="dialog"
        aria-label={label}
        tabIndex={-1}
        className={styles.popover}
        style={{ left: place.left, top: place.top, maxHeight: place.maxHeight || undefined }}
        onKeyDown={onKeyDown}
        onBlur={onBlur}
      >
        {children}
      </div>
    </Portal>
  );
}
