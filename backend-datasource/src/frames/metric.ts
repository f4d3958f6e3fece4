import type { Frame } from '@topdeck/grafana-plugin-sdk/frames';
import { metricDisplay } from './display.ts';
import { chooseMetric, METRIC_SCOPES } from './metric-series.ts';
import { inRequests, newestMs, pastOf } from './past.ts';
import type { Extras, FrameInput, QueryTypeEntry, ReadRequest } from './query-type.ts';
import { freshnessNotices } from './rows.ts';
import { seriesFrame } from './series.ts';

async function read(request: ReadRequest): Promise<Extras> {
  const { query, snapshot, reads, signal } = request;
  const { name } = chooseMetric(query, snapshot);
  const { scope = 'service' } = query;
  const { choose, idsOf } = METRIC_SCOPES[scope];
  const past = pastOf(request);
  const ids = idsOf(choose(query, snapshot, name).rows);
  if (past === undefined || ids.length === 0) return {};
  const { since, until, stepMs } = past;
  const metricRanges = await Promise.all(
    inRequests(ids).map((resource_id) =>
      reads.metricRange(name, { since, until, scope, step_s: stepMs / 1000, resource_id }, signal),
    ),
  );
  return { metricRanges };
}

function frames({ query, received: { snapshot }, extras, keepFields = false }: FrameInput): readonly Frame[] {
  const { name, display } = chooseMetric(query, snapshot);
  const { choose, keyOf } = METRIC_SCOPES[query.scope ?? 'service'];
  const { rows: series, notices } = choose(query, snapshot, name);
  const { metricRanges = [] } = extras;
  const [first] = metricRanges;
  const times = first?.times ?? [];
  const values = new Map(metricRanges.flatMap((range) => range.series.map((one) => [keyOf(one), one.values])));
  const unread = times.map(() => null);
  return [
    seriesFrame({
      name,
      times,
      series,
      valuesOf: ({ key }) => values.get(key) ?? unread,
      config: first === undefined ? display : metricDisplay(name, first.unit),
      ...(first && { stepMs: first.step_s * 1000 }),
      notices: [...freshnessNotices(snapshot), ...notices],
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

export const metricEntry: QueryTypeEntry = { read, frames, live: { action: 'append', parts: ['main'] }, appended };
