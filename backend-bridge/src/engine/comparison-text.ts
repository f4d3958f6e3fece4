import type { ComparisonReference, ComparisonVerdict, MetricSpec } from '@topdeck/protocol';
import { formatValue } from './alert-text.ts';
import { isEnough, summarize, type Compared, type Sample } from './comparison.ts';

interface Words {
  /** Of that time. */
  readonly of: string;
  /** At that time. */
  readonly at: string;
}
const REFERENCE_WORDS: Readonly<Record<ComparisonReference, Words>> = {
  previous_hour: { of: 'the hour before', at: 'in the hour before' },
  previous_day: { of: 'the day before', at: 'in the day before' },
  previous_week: { of: 'the week before', at: 'in the week before' },
  same_hour_yesterday: { of: 'the same hour yesterday', at: 'at the same hour yesterday' },
  same_hour_last_week: { of: 'the same hour last week', at: 'at the same hour last week' },
};
const VERDICT_WORDS: Readonly<Record<Exclude<ComparisonVerdict, 'unknown'>, string>> = {
  normal: 'about the same as',
  higher: 'higher than',
  lower: 'lower than',
  much_higher: 'much higher than',
  much_lower: 'much lower than',
};

export interface Told {
  readonly spec: MetricSpec;
  readonly against: ComparisonReference;
  readonly now: Sample;
  readonly then: Sample;
  readonly compared: Compared;
  /** Code of the fault for which a side could not be read. */
  readonly faults: { readonly now: string | undefined; readonly then: string | undefined };
}

/** Why nothing can be told of one side; undefined when enough is known of it. */
function gap(sample: Sample, when: string, fault: string | undefined): string | undefined {
  if (fault !== undefined) return `${when} could not be read (${fault})`;
  if (isEnough(sample)) return undefined;
  const { values, of } = sample;
  return values.length === 0
    ? `nothing is known of ${when}`
    : `only ${values.length} of ${of} values of ${when} are known`;
}

/** `+50%`, and from a tenfold on `12 times` */
function changeText(change: number): string {
  if (change >= 9) return `${Number((1 + change).toPrecision(2))} times`;
  const percent = change * 100;
  const points = Number(percent.toFixed(Math.abs(percent) < 10 ? 1 : 0));
  return `${points > 0 ? '+' : ''}${points}%`;
}

/** `0.4 s, much higher than in the hour before (0.2 s, +100%)` */
export function comparisonText({ spec, against, now, then, compared, faults }: Told): string {
  const words = REFERENCE_WORDS[against];
  const { value, change, verdict } = compared;
  const mean = summarize(now)?.mean;
  const missing = gap(now, 'now', faults.now) ?? gap(then, words.of, faults.then);
  if (verdict === 'unknown' || value === null || mean === undefined)
    return missing ?? `nothing is known of ${words.of}`;
  const beside = change === null ? '' : `, ${changeText(change)}`;
  const usual = `${formatValue(value, spec.unit)}${beside}`;
  return `${formatValue(mean, spec.unit)}, ${VERDICT_WORDS[verdict]} ${words.at} (${usual})`;
}
