import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

export const ROW_HEIGHT = 36;
export const HEADER_HEIGHT = 36;

const focusRing = ({ colors }: GrafanaTheme2) => ({ outline: `2px solid ${colors.primary.border}`, outlineOffset: -2 });
/** Over a background that must hide what is scrolled below it, so no background of its own. */
const tint = (color: string) => ({ boxShadow: `inset 0 0 0 ${ROW_HEIGHT}px ${color}` });

const getFrameStyles = (theme: GrafanaTheme2) => ({
  root: css({ position: 'relative', overflow: 'hidden' }),
  grid: css({
    width: '100%',
    height: '100%',
    overflow: 'auto',
    fontSize: theme.typography.bodySmall.fontSize,
    '&:focus': { outline: 'none' },
    '&:focus-visible:not([aria-activedescendant])': focusRing(theme),
    '&:focus-visible [data-active]': focusRing(theme),
  }),
  body: css({ position: 'relative' }),
  empty: css({
    position: 'absolute',
    left: 0,
    right: 0,
    top: HEADER_HEIGHT,
    padding: theme.spacing(3),
    textAlign: 'center',
    color: theme.colors.text.secondary,
    pointerEvents: 'none',
  }),
});

const getHeaderStyles = ({ colors, spacing, typography, shape }: GrafanaTheme2) => ({
  header: css({ position: 'sticky', top: 0, zIndex: 2, background: colors.background.primary }),
  headerRow: css({
    display: 'flex',
    height: HEADER_HEIGHT,
    borderBottom: `1px solid ${colors.border.medium}`,
    fontWeight: typography.fontWeightMedium,
  }),
  sort: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: spacing(0.5),
    minWidth: 0,
    height: '100%',
    padding: 0,
    border: 'none',
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    cursor: 'pointer',
    '&:hover': { color: colors.text.maxContrast },
    '&:focus-visible': { outline: `2px solid ${colors.primary.border}`, borderRadius: shape.radius.default },
  }),
});

const getRowStyles = ({ colors }: GrafanaTheme2) => ({
  row: css({
    display: 'flex',
    position: 'absolute',
    top: 0,
    left: 0,
    width: '100%',
    height: ROW_HEIGHT,
    borderBottom: `1px solid ${colors.border.weak}`,
  }),
  opens: css({ cursor: 'pointer', '&:hover > *': tint(colors.action.hover) }),
  selected: css({
    '& > *': tint(colors.action.selected),
    '&::before': {
      content: '""',
      position: 'absolute',
      zIndex: 2,
      left: 0,
      top: 0,
      bottom: 0,
      width: 3,
      background: colors.action.selectedBorder,
    },
  }),
});

const getCellStyles = ({ colors, spacing }: GrafanaTheme2) => ({
  cell: css({
    display: 'flex',
    alignItems: 'center',
    minWidth: 0,
    height: '100%',
    padding: spacing(0, 1),
    overflow: 'hidden',
    whiteSpace: 'nowrap',
  }),
  text: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  left: css({ justifyContent: 'flex-start' }),
  right: css({ justifyContent: 'flex-end', textAlign: 'right', fontVariantNumeric: 'tabular-nums' }),
  center: css({ justifyContent: 'center', textAlign: 'center' }),
  sticky: css({ position: 'sticky', left: 0, zIndex: 1, background: colors.background.primary }),
});

export const getTableStyles = (theme: GrafanaTheme2) => ({
  ...getFrameStyles(theme),
  ...getHeaderStyles(theme),
  ...getRowStyles(theme),
  ...getCellStyles(theme),
});
