import type { GrafanaTheme2 } from '@grafana/data';
import type { DrawTheme } from '../draw/scene.ts';

/** Canvas knows no style sheets: what it takes from a theme. */
export const drawTheme = ({ colors, typography, visualization }: GrafanaTheme2): DrawTheme => ({
  background: colors.background.primary,
  text: colors.text.primary,
  textSecondary: colors.text.secondary,
  selection: colors.primary.border,
  marks: {
    cause: colors.error.text,
    'first-failure': visualization.getColorByName('purple'),
    impacted: colors.warning.text,
  },
  fontFamily: typography.fontFamily,
});
