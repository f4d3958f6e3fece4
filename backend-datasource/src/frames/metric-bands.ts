import type { FieldConfig, Notice } from '@topdeck/grafana-plugin-sdk/frames';
import type { MetricRangeResponse } from '@topdeck/protocol';
import type { Series } from './series.ts';

/** In the order of their fields, which is also that of drawing. */
export const BAND_LINES = ['expected', 'lower', 'upper'] as const;
export type BandLine = (typeof BAND_LINES)[number];

/** A line beside another, and which one it is. */
export interface BandSeries extends Series {
  readonly of: string;
  readonly line: BandLine;
}

/** The colour of texts, so that no band is taken for a line of its own. */
const NEUTRAL = { mode: 'fixed', fixedColor: 'text' } as const;
const EDGE = { lineWidth: 0, showPoints: 'never', hideFrom: { legend: true, tooltip: false, viz: false } } as const;
const FILL_PERCENT = 10;

const titleOf = (title: string, line: BandLine): string => `${title} ${line}`;

/** As Grafana's time series draws it: an area from `upper` down to `lower`, which it finds by its name. */
const DISPLAYS: Readonly<Record<BandLine, (title: string) => FieldConfig>> = {
  expected: () => ({
    color: NEUTRAL,
    custom: { lineWidth: 1, lineStyle: { fill: 'dash', dash: [6, 6] }, fillOpacity: 0, showPoints: 'never' },
  }),
  lower: () => ({ color: NEUTRAL, custom: { ...EDGE, fillOpacity: 0 } }),
  upper: (title) => ({
    color: NEUTRAL,
    custom: { ...EDGE, fillOpacity: FILL_PERCENT, fillBelowTo: titleOf(title, 'lower') },
  }),
};

export const bandSeries = ({ key, title, labels }: Series): BandSeries[] =>
  BAND_LINES.map((line) => ({
    of: key,
    line,
    key: `${key} (${line})`,
    title: titleOf(title, line),
    labels: { ...labels, band: line },
    display: DISPLAYS[line](title),
  }));

const NO_BANDS: Notice = {
  severity: 'warning',
  text: 'The bridge gave no expected band for some lines. Narrow the filter to fewer of them.',
};

/** An older bridge gives none, nor does any for a resource with too many edges. */
export const bandNotices = (ranges: readonly MetricRangeResponse[]): Notice[] =>
  ranges.some(({ series }) => series.some(({ expected }) => expected === undefined)) ? [NO_BANDS] : [];
