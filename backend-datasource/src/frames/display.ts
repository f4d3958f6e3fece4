import type { FieldConfig, MappingResult, ValueMapping } from '@topdeck/grafana-plugin-sdk/frames';
import { DEFAULT_THRESHOLDS, type OverallHealth, type Severity, type Status } from '@topdeck/protocol';
import { CONNECTION_CODES, OVERALL_CODES, STATUS_CODES } from '@topdeck/protocol/grafana';

/** Grafana's own green, orange and red as it shows them on a dark theme: the node graph takes no names for edges. */
export const STATUS_COLORS: Readonly<Record<Status, string>> = {
  healthy: '#73BF69',
  degraded: '#FF9830',
  failed: '#F2495C',
  unknown: '#8E8E8E',
};
const OVERALL_COLORS: Readonly<Record<OverallHealth, string>> = {
  healthy: STATUS_COLORS.healthy,
  degraded: STATUS_COLORS.degraded,
  critical: STATUS_COLORS.failed,
  unknown: STATUS_COLORS.unknown,
};
const SEVERITY_COLORS: Readonly<Record<Severity, string>> = {
  critical: '#F2495C',
  high: '#FF9830',
  medium: '#FADE2A',
  low: '#5794F2',
};

const title = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

interface Shown {
  readonly text: string;
  readonly color?: string;
}

/** Words as they are shown, in this order. */
const shown = (words: Readonly<Record<string, Shown>>): readonly ValueMapping[] => [
  {
    type: 'value',
    options: Object.fromEntries(Object.entries(words).map(([word, as], index) => [word, { ...as, index }])),
  },
];

const words = (colors: Readonly<Record<string, string>>): readonly ValueMapping[] =>
  shown(Object.fromEntries(Object.entries(colors).map(([word, color]) => [word, { text: title(word), color }])));

type Codes<W extends string> = Readonly<Record<W, number | null>>;

/** What a number stands for; null is what the word without a number says. */
function codes<W extends string>(numbers: Codes<W>, colors: Readonly<Record<W, string>>): readonly ValueMapping[] {
  const options: Record<string, MappingResult> = {};
  const mappings: ValueMapping[] = [{ type: 'value', options }];
  for (const word of Object.keys(numbers) as W[]) {
    const code = numbers[word];
    const result = { text: title(word), color: colors[word], index: code ?? Object.keys(numbers).length };
    if (code === null) mappings.push({ type: 'special', options: { match: 'null', result } });
    else options[code] = result;
  }
  return mappings;
}

const coloredText = { cellOptions: { type: 'color-text' } } as const;
const colored = (colors: Readonly<Record<string, string>>): FieldConfig => ({
  mappings: words(colors),
  custom: coloredText,
});

export const STATUS_TEXT: FieldConfig = colored(STATUS_COLORS);
export const ROLE_TEXT: FieldConfig = {
  mappings: shown({
    cause: { text: 'Root cause' },
    first_failure: { text: 'First failure' },
    impacted: { text: 'Impacted' },
  }),
};
export const STATUS_CODE: FieldConfig = { mappings: codes(STATUS_CODES, STATUS_COLORS), custom: coloredText };
export const OVERALL_TEXT: FieldConfig = colored(OVERALL_COLORS);
export const OVERALL_CODE: FieldConfig = { mappings: codes(OVERALL_CODES, OVERALL_COLORS), custom: coloredText };
export const SEVERITY_TEXT: FieldConfig = colored(SEVERITY_COLORS);
const CONNECTION_COLORS = { websocket: '#73BF69', polling: '#FADE2A', disconnected: '#F2495C' } as const;
export const CONNECTION_TEXT: FieldConfig = colored(CONNECTION_COLORS);
export const CONNECTION_CODE: FieldConfig = {
  mappings: codes(CONNECTION_CODES, CONNECTION_COLORS),
  custom: coloredText,
};
/** How far from the past; whether that is bad is another question, for more requests than usual are no harm. */
export const COMPARISON_VERDICT: FieldConfig = {
  mappings: shown({
    much_higher: { text: 'Much higher', color: '#B877D9' },
    higher: { text: 'Higher', color: '#5794F2' },
    normal: { text: 'Normal', color: STATUS_COLORS.healthy },
    lower: { text: 'Lower', color: '#5794F2' },
    much_lower: { text: 'Much lower', color: '#B877D9' },
    unknown: { text: 'Unknown', color: STATUS_COLORS.unknown },
  }),
  custom: coloredText,
};
export const COMPARISON_REFERENCE: FieldConfig = {
  mappings: shown({
    previous_hour: { text: 'Hour before' },
    previous_day: { text: 'Day before' },
    previous_week: { text: 'Week before' },
    same_hour_yesterday: { text: 'Same hour yesterday' },
    same_hour_last_week: { text: 'Same hour last week' },
  }),
};
export const JUDGEMENT_TEXT: FieldConfig = {
  mappings: shown({
    worse: { text: 'Worse', color: STATUS_COLORS.failed },
    not_worse: { text: 'No worse', color: STATUS_COLORS.healthy },
    neutral: { text: 'Neutral', color: STATUS_COLORS.unknown },
    unknown: { text: 'Unknown', color: STATUS_COLORS.unknown },
  }),
  custom: coloredText,
};
export const SOURCE_STATE_TEXT: FieldConfig = colored({ fresh: '#73BF69', stale: '#FF9830', unavailable: '#F2495C' });

/** The bridge's defaults; thresholds of single services may differ, their status then tells. */
export const HEALTH_SCORE: FieldConfig = {
  min: 0,
  max: 100,
  decimals: 0,
  color: { mode: 'thresholds' },
  thresholds: {
    mode: 'absolute',
    steps: [
      { value: null, color: STATUS_COLORS.failed },
      { value: DEFAULT_THRESHOLDS.degraded_score, color: STATUS_COLORS.degraded },
      { value: DEFAULT_THRESHOLDS.healthy_score, color: STATUS_COLORS.healthy },
    ],
  },
};

/** An anomaly's or an edge's score: 0 is normal, 1 the worst. */
export const ANOMALY_SCORE: FieldConfig = { min: 0, max: 1, decimals: 2 };
export const SECONDS: FieldConfig = { unit: 's' };
export const PERCENT: FieldConfig = { unit: 'percent', decimals: 1 };

/** Units of metric presets as Grafana calls them. Others are shown as they are. */
const UNITS: Readonly<Record<string, string>> = {
  '1/s': 'cps',
  ratio: 'percentunit',
  '1': 'none',
  '%': 'percent',
  s: 's',
  ms: 'ms',
  bytes: 'bytes',
  By: 'bytes',
  'bytes/s': 'binBps',
};

export function metricDisplay(name: string, unit: string): FieldConfig {
  if (name === 'request_rate' && unit === '1/s') return { unit: 'reqps' };
  const known = Object.hasOwn(UNITS, unit) ? UNITS[unit] : unit;
  if (known === '') return {};
  return { unit: known, ...(known === 'percentunit' && { min: 0 }) };
}
export const REQUEST_RATE = metricDisplay('request_rate', '1/s');
export const ERROR_RATE = metricDisplay('error_rate', 'ratio');
