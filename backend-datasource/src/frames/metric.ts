import type { Frame } from '@topdeck/grafana-plugin-sdk/frames';
import { MAX_BANDED_SERIES, type MetricRangeResponse } from '@topdeck/protocol';
import { metricDisplay } from './display.ts';
import { bandNotices, bandSeries, type BandSeries } from './metric-bands.ts';
import { chooseMetric, METRIC_SCOPES } from './metric-series.ts';
import { inRequests, newestMs, pastOf } from './past.ts';
import type { Extras, FrameInput, QueryTypeEntry, ReadRequest } from './query-type.ts';
import { freshnessNotices } from './rows.ts';
import { ontoTimes } from './same-times.ts';
import { seriesFrame, type Series } from './series.ts';

async function read(request: ReadRequest): Promise<Extras> {
  const { query, snapshot, reads, signal } = request;
  const { name } = chooseMetric(query, snapshot);
  const { scope = 'service', bands } = query;
  const { choose, idsOf, seriesOf } = METRIC_SCOPES[scope];
  const past = pastOf(request);
  const ids = idsOf(choose(query, snapshot, name).rows, snapshot);
  if (past === undefined || ids.length === 0) return {};
  const { since, until, stepMs } = past;
  const asked = { since, until, scope, step_s: stepMs / 1000 };
  const count = (id: string): number => seriesOf(id, snapshot);
  const requests =
    bands === true
      ? inRequests(ids, { seriesOf: count, most: MAX_BANDED_SERIES }).map((resource_id) => {
          // Only a single resource can be more than the bridge gives bands for; its lines are better than none.
          const isTooMany = resource_id.length === 1 && count(resource_id[0]) > MAX_BANDED_SERIES;
          return { ...asked, resource_id, ...(!isTooMany && { bands }) };
        })
      : inRequests(ids).map((resource_id) => ({ ...asked, resource_id }));
  return { metricRanges: await Promise.all(requests.map((request) => reads.metricRange(name, request, signal))) };
}

type Answered = MetricRangeResponse['series'][number];
interface Found {
  readonly answer: Answered;
  readonly onto: ReturnType<typeof ontoTimes>;
}
type Line = Series | BandSeries;
const withBands = (series: Series): Line[] => [series, ...bandSeries(series)];

function frames({ query, received: { snapshot }, extras, keepFields = false }: FrameInput): readonly Frame[] {
  const { name, display } = chooseMetric(query, snapshot);
  const { choose, keyOf } = METRIC_SCOPES[query.scope ?? 'service'];
  const { rows: series, notices } = choose(query, snapshot, name);
  const { metricRanges = [] } = extras;
  // The coarsest: a finer answer has a value for each of its times.
  const first = metricRanges.reduce<MetricRangeResponse | undefined>(
    (coarsest, range) => (coarsest !== undefined && coarsest.step_s >= range.step_s ? coarsest : range),
    undefined,
  );
  const times = first?.times ?? [];
  const found = new Map(
    metricRanges.flatMap((range) => {
      const onto = ontoTimes(range, times);
      return range.series.map((answer): [string, Found] => [keyOf(answer), { answer, onto }]);
    }),
  );
  const unread = times.map(() => null);
  const valuesOf = (line: Line): readonly (number | null)[] => {
    const { answer, onto } = found.get('of' in line ? line.of : line.key) ?? {};
    const row = answer?.['line' in line ? line.line : 'values'];
    return (row && onto?.(row)) ?? unread;
  };
  const isBanded = query.bands === true;
  const bandGaps = isBanded ? bandNotices(metricRanges) : [];
  return [
    seriesFrame({
      name,
      times,
      series: isBanded ? series.flatMap(withBands) : series,
      valuesOf,
      config: first === undefined ? display : metricDisplay(name, first.unit),
      ...(first && { stepMs: first.step_s * 1000 }),
      notices: [...freshnessNotices(snapshot), ...notices, ...bandGaps],
      keepFields,
    }),
  ];
}

/** A row at each state, of nulls while the metric cannot be read, so that the gap is seen. */
function appended({ query, received: { snapshot } }: FrameInput, event: unknown): Frame | undefined {
  const { name, display } = chooseMetric(query, snapshot);
  const { choose, isLive } = METRIC_SCOPES[query.scope ?? 'service'];
  if (event !== undefined || !isLive(name)) return undefined;
  const series = choose(query, snapshot, name).rows;
  return seriesFrame({
    name,
    times: [newestMs(snapshot)],
    series,
    valuesOf: (_series, index) => [series[index].now ?? null],
    config: display,
    notices: [],
    keepFields: true,
  });
}

export const metricEntry: QueryTypeEntry = {
  read,
  frames,
  live: { action: 'append', parts: ['main'] },
  // No state tells what is expected now. A line that went on beside a band that does not would seem to have left it.
  isStill: ({ bands }) => bands === true,
  appended,
};
