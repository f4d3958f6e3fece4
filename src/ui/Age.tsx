import { dateTimeFormat } from '@grafana/data';
import { durationText, NOTHING } from './format.ts';
import { useNow } from './use-now.ts';

export interface AgeProps {
  /** Epoch milliseconds; null or undefined where it is not known. */
  readonly atMs: number | null | undefined;
}

/** How long ago something was, going on by itself; the time of day as its title. */
export function Age({ atMs }: AgeProps) {
  const nowMs = useNow();
  if (atMs === null || atMs === undefined) return <span>{NOTHING}</span>;
  return (
    <time dateTime={new Date(atMs).toISOString()} title={dateTimeFormat(atMs)}>
      {durationText((nowMs - atMs) / 1000)}
    </time>
  );
}
