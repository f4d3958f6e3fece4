import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

const getBlockStyles = ({ colors, spacing, typography, shape }: GrafanaTheme2) => ({
  section: css({ display: 'flex', flexDirection: 'column', gap: spacing(1), padding: spacing(1.5, 0) }),
  alert: css({ paddingTop: spacing(1.5) }),
  status: css({ display: 'inline-flex' }),
  heading: css({ margin: 0, fontSize: typography.body.fontSize, fontWeight: typography.fontWeightMedium }),
  list: css({ display: 'flex', flexDirection: 'column', gap: spacing(1), margin: 0, padding: 0, listStyle: 'none' }),
  line: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: spacing(0.5, 1.5), minWidth: 0 }),
  spread: css({
    display: 'flex',
    alignItems: 'baseline',
    justifyContent: 'space-between',
    gap: spacing(1),
    minWidth: 0,
  }),
  secondary: css({ color: colors.text.secondary }),
  number: css({ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }),
  breakable: css({ overflowWrap: 'anywhere', minWidth: 0 }),
  chips: css({ display: 'flex', flexWrap: 'wrap', gap: spacing(0.5), margin: 0, padding: 0, listStyle: 'none' }),
  chip: css({
    padding: spacing(0.125, 0.75),
    border: `1px solid ${colors.border.weak}`,
    borderRadius: shape.radius.default,
    fontSize: typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
});

const getItemStyles = ({ colors, spacing, shape, typography }: GrafanaTheme2) => ({
  card: css({
    display: 'flex',
    flexDirection: 'column',
    gap: spacing(0.5),
    padding: spacing(1),
    background: colors.background.secondary,
    borderRadius: shape.radius.default,
    overflowWrap: 'anywhere',
  }),
  neighbour: css({
    display: 'flex',
    alignItems: 'center',
    gap: spacing(1),
    width: '100%',
    minHeight: 28,
    padding: spacing(0.25, 0.5),
    border: 'none',
    borderRadius: shape.radius.default,
    background: 'none',
    color: colors.text.primary,
    font: 'inherit',
    textAlign: 'left',
    cursor: 'pointer',
    '&:hover': { background: colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${colors.primary.border}`, outlineOffset: -2 },
  }),
  neighbourName: css({ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  trouble: css({
    padding: spacing(0, 0.5, 0.5, 3.5),
    color: colors.text.secondary,
    fontSize: typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
});

export const getDetailStyles = (theme: GrafanaTheme2) => ({ ...getBlockStyles(theme), ...getItemStyles(theme) });
