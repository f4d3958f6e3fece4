import type { GrafanaTheme2 } from '@grafana/data';
import type { Status } from '@topdeck/protocol';

/** Colours of the graph on a theme. */
export interface Palette {
  readonly status: Readonly<Record<Status, string>>;
  /** Of a node whose frame tells neither health nor colour. */
  readonly node: string;
  /** Of an edge that nothing is wrong with: thousands of green lines would outshine the one that is red. */
  readonly edge: string;
  /** CSS colour of one of Grafana's names, or of what is a CSS colour already. */
  readonly resolve: (name: string) => string;
  /** For sections without a colour of their own. */
  readonly series: (index: number) => string;
}

const palettes = new WeakMap<GrafanaTheme2, Palette>();

function build({ visualization, colors }: GrafanaTheme2): Palette {
  const resolve = visualization.getColorByName;
  return {
    status: {
      healthy: resolve('green'),
      degraded: resolve('orange'),
      failed: resolve('red'),
      unknown: colors.text.disabled,
    },
    node: colors.text.secondary,
    edge: colors.border.strong,
    resolve,
    series: (index) => resolve(visualization.palette[index % visualization.palette.length]),
  };
}

/** The same object for the same theme. */
export function paletteOf(theme: GrafanaTheme2): Palette {
  const known = palettes.get(theme);
  if (known !== undefined) return known;
  const palette = build(theme);
  palettes.set(theme, palette);
  return palette;
}
