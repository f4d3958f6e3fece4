import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { statusText } from '../../../ui/status.ts';
import type { Change } from '../model/changes.ts';
import { rowAt, type Timeline } from './timeline.ts';

const DAY_MS = 86_400_000;

/** With the day where the range has more than one. */
export function timeFormat({ times }: Timeline, timeZone: string | undefined): (atMs: number) => string {
  const isLong = times.length > 1 && times[times.length - 1] - times[0] > DAY_MS;
  const format = isLong ? 'MM-DD HH:mm:ss' : 'HH:mm:ss';
  return (atMs) => dateTimeFormat(atMs, { format, timeZone });
}

export interface Counts {
  readonly failed: number;
  readonly degraded: number;
  readonly unknown: number;
}

export const countsAt = ({ counts }: Timeline, row: number): Counts => ({
  failed: counts.failed[row],
  degraded: counts.degraded[row],
  unknown: counts.unknown[row],
});

export const countsText = ({ failed, degraded, unknown }: Counts): string =>
  t('topology.replay.counts', 'failed: {{failed}}, degraded: {{degraded}}, unknown: {{unknown}}', {
    failed,
    degraded,
    unknown,
  });

/** What the slider says at a row; undefined: now. */
export function rowText(timeline: Timeline, row: number | undefined, format: (atMs: number) => string): string {
  if (row === undefined) return t('topology.replay.live-text', 'Live: the panel shows now');
  const counts = countsText(countsAt(timeline, row));
  return t('topology.replay.at-text', '{{time}}, {{counts}}', { time: format(timeline.times[row]), counts });
}

function worstRow({ counts: { failed, degraded } }: Timeline): number | undefined {
  let worst: number | undefined;
  let most = 0;
  failed.forEach((count, row) => {
    const weight = count * 10_000 + degraded[row];
    if (weight > most) [worst, most] = [row, weight];
  });
  return worst;
}

/** The strip in words. */
export function stripText(timeline: Timeline, events: number, format: (atMs: number) => string): string {
  const worst = worstRow(timeline);
  const { times } = timeline;
  const [from, to] = [format(times[0]), format(times[times.length - 1])];
  if (worst === undefined) {
    return t('topology.replay.strip-calm', 'Health from {{from}} to {{to}}: nothing was seen degraded or failed.', {
      from,
      to,
    });
  }
  return t(
    'topology.replay.strip-worst',
    'Health from {{from}} to {{to}}: worst at {{worst}} ({{counts}}). Changes of health: {{events}}',
    { from, to, worst: format(times[worst]), counts: countsText(countsAt(timeline, worst)), events },
  );
}

/** Rows from the beginning, of a time that may lie between two; for where it stands on the axis. */
export function fractionalRow(timeline: Timeline, atMs: number): number {
  const { times } = timeline;
  const after = rowAt(timeline, atMs);
  if (after === 0 || atMs >= times[after]) return after;
  return after - (times[after] - atMs) / (times[after] - times[after - 1]);
}

export function changeText({ before, after }: Change): string {
  const word = (health: Change['before']): string =>
    health === undefined ? t('topology.replay.not-there', 'not there') : statusText(health.status);
  return t('topology.replay.from-to', '{{before}} → {{after}}', { before: word(before), after: word(after) });
}
