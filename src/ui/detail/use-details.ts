import { rangeUtil, type DataFrame, type TimeRange } from '@grafana/data';
import { useMemo } from 'react';
import type { DiagnosticsSource } from '../source.ts';
import type { Details } from './details.ts';
import { endsOf, historyQuery, metricQueries, stateQueries } from './queries.ts';
import { readLine, readMetricLines, type Line } from './read-series.ts';
import { readState } from './read-state.ts';
import type { Subject } from './subject.ts';
import { useReading, type Reading } from './use-reading.ts';

export interface DetailsParts {
  readonly subject: Subject;
  readonly source: DiagnosticsSource;
  readonly timeRange: TimeRange;
}

export interface DetailReadings {
  readonly state: Reading<Details>;
  /** Of each end, by its id. */
  readonly history: Reading<ReadonlyMap<string, Line>>;
  /** By the metric's name. */
  readonly lines: Reading<ReadonlyMap<string, Line>>;
  readonly retry: () => void;
}

/** The same for the same range, however often a dashboard makes it anew; one relative to now moves on by itself. */
function useRangeReader({ from, to, raw }: TimeRange): () => TimeRange {
  const isRelative = typeof raw.from === 'string' && typeof raw.to === 'string';
  const [fromText, toText] = isRelative ? [String(raw.from), String(raw.to)] : [from.valueOf(), to.valueOf()];
  return useMemo(() => {
    const fixed = { from, to, raw };
    return () => (isRelative ? rangeUtil.convertRawToRange(raw) : fixed);
  }, [isRelative, fromText, toText]);
}

const NO_METRICS: readonly string[] = [];

/** Names in one text, so that the same names are the same dependency. */
function metricNames(state: Reading<Details>): string {
  if (state.state !== 'known') return '';
  const { services, edge } = state.value;
  const metrics = edge?.metrics ?? services[0]?.metrics ?? [];
  return metrics.map(({ name }) => name).join('\n');
}

interface LinesParts {
  readonly subject: Subject;
  readonly source: DiagnosticsSource;
  readonly metrics: readonly string[];
  readonly range: TimeRange;
  readonly signal: AbortSignal;
}

/** In one request; where that is refused, one a metric, so that one that cannot be read does not hide the others. */
async function askLines({ subject, source, metrics, range, signal }: LinesParts): Promise<ReadonlyMap<string, Line>> {
  const ask = async (names: readonly string[]): Promise<ReadonlyMap<string, Line>> =>
    readMetricLines(await source.query(metricQueries(subject, names), range, signal), names, subject);
  try {
    return await ask(metrics);
  } catch (fault) {
    signal.throwIfAborted();
    const each = await Promise.allSettled(metrics.map((name) => ask([name])));
    const answered = each.filter((answer) => answer.status === 'fulfilled');
    if (answered.length === 0) throw fault;
    return new Map(answered.flatMap(({ value }) => [...value]));
  }
}

/** Everything that a drawer shows, each part as soon as it is there: the state first, then what takes the past. */
export function useDetails({ subject, source, timeRange }: DetailsParts): DetailReadings {
  const rangeNow = useRangeReader(timeRange);
  const readStateNow = useMemo(
    () => async (signal: AbortSignal) =>
      readState(await source.query(stateQueries(subject), rangeNow(), signal), subject),
    [source, subject, rangeNow],
  );
  const readHistory = useMemo(
    () => async (signal: AbortSignal) => {
      const [frame] = await source.query([historyQuery(subject)], rangeNow(), signal);
      return historyLines(frame, subject);
    },
    [source, subject, rangeNow],
  );
  const state = useReading(readStateNow);
  const history = useReading(readHistory);
  const names = metricNames(state.reading);
  const readLines = useMemo(() => {
    const metrics = names === '' ? NO_METRICS : names.split('\n');
    if (metrics.length === 0) return undefined;
    return (signal: AbortSignal) => askLines({ subject, source, metrics, range: rangeNow(), signal });
  }, [source, subject, rangeNow, names]);
  const lines = useReading(readLines);
  return {
    state: state.reading,
    history: history.reading,
    lines: lines.reading,
    retry: () => [state, history, lines].forEach((part) => part.retry()),
  };
}

function historyLines(frame: DataFrame | undefined, subject: Subject): ReadonlyMap<string, Line> {
  const lines = endsOf(subject).flatMap((id) => {
    const line = readLine(frame, { kind: 'service', id });
    return line === undefined ? [] : [[id, line] as const];
  });
  return new Map(lines);
}
