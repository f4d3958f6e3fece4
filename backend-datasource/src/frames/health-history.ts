import type { FieldConfig, Frame, Notice } from '@topdeck/grafana-plugin-sdk/frames';
import type { ServiceHealth } from '@topdeck/protocol';
import { HISTORY_VALUES, type DiagnosticsQuery, type HistoryValue } from '@topdeck/protocol/grafana';
import { badQuery } from './bad-query.ts';
import { HEALTH_SCORE, STATUS_CODE } from './display.ts';
import { select } from './filter.ts';
import type { NumberOf } from './frame-kinds.ts';
import { inRequests, newestMs, pastOf } from './past.ts';
import type { Extras, FrameInput, QueryTypeEntry, ReadRequest } from './query-type.ts';
import { cut, freshnessNotices, type Cut } from './rows.ts';
import { DEFAULT_SERIES, MAX_SERIES, seriesFrame, serviceSeries } from './series.ts';
import { healthScore, statusCode } from './services.ts';
import { rasterTimes, TOLD, worstValues } from './steps.ts';

const NAME = 'health-history';

const NUMBERS: Readonly<Record<HistoryValue, NumberOf<ServiceHealth> & { readonly config: FieldConfig }>> = {
  health_score: { read: healthScore, config: HEALTH_SCORE },
  status_code: { read: statusCode, config: STATUS_CODE },
};

function chosenValue({ value }: DiagnosticsQuery): HistoryValue {
  const wanted = value === undefined || value === '' ? HISTORY_VALUES[0] : value;
  const found = HISTORY_VALUES.find((name) => name === wanted);
  if (found !== undefined) return found;
  throw badQuery(`There is no value "${wanted}" of ${NAME}. There are: ${HISTORY_VALUES.join(', ')}`);
}

/** By filter and snapshot alone, so that the rows of a stream have the fields of the frame it goes on with. */
function chosen({ query, snapshot }: Pick<ReadRequest, 'query' | 'snapshot'>): Cut<ServiceHealth> {
  const passing = snapshot.services.filter(select(query.filter, snapshot).service);
  return cut(passing, { limit: Math.min(query.limit ?? DEFAULT_SERIES, MAX_SERIES), what: 'services' });
}

async function read(request: ReadRequest): Promise<Extras> {
  const past = pastOf(request);
  const ids = chosen(request).rows.map((service) => service.resource_id);
  if (past === undefined || ids.length === 0) return {};
  const { since, until, stepMs } = past;
  const { reads, signal } = request;
  const healthHistories = await Promise.all(
    inRequests(ids).map((resource_id) => reads.healthHistory({ since, until, resource_id }, signal)),
  );
  return { healthHistories, stepMs };
}

const TRUNCATED: Notice = {
  severity: 'warning',
  text: 'The history was cut: it has too many changes for one answer. Narrow the filter or the time range.',
};

function frames({ query, received: { snapshot }, extras, keepFields = false }: FrameInput): readonly Frame[] {
  const { healthHistories = [], stepMs = 1000 } = extras;
  const value = chosenValue(query);
  const { rows: services, notices } = chosen({ query, snapshot });
  const points = new Map(
    healthHistories.flatMap((history) => history.services.map((service) => [service.resource_id, service.points])),
  );
  const [first] = healthHistories;
  const times =
    first === undefined ? [] : rasterTimes({ fromMs: Date.parse(first.since), toMs: Date.parse(first.until), stepMs });
  const truncated = healthHistories.some((history) => history.truncated) ? [TRUNCATED] : [];
  return [
    seriesFrame({
      name: NAME,
      times,
      series: serviceSeries(services, snapshot),
      valuesOf: ({ key }) => worstValues(points.get(key) ?? [], times, TOLD[value]),
      config: NUMBERS[value].config,
      stepMs,
      notices: [...freshnessNotices(snapshot), ...notices, ...truncated],
      keepFields,
    }),
  ];
}

function appended({ query, received: { snapshot } }: FrameInput, event: unknown): Frame | undefined {
  if (event !== undefined) return undefined;
  const services = chosen({ query, snapshot }).rows;
  const { read: valueNow, config } = NUMBERS[chosenValue(query)];
  return seriesFrame({
    name: NAME,
    times: [newestMs(snapshot)],
    series: serviceSeries(services, snapshot),
    valuesOf: (_series, index) => [valueNow(services[index])],
    config,
    notices: [],
    keepFields: true,
  });
}

export const healthHistoryEntry: QueryTypeEntry = {
  read,
  frames,
  live: { action: 'append', parts: ['main'] },
  appended,
};
