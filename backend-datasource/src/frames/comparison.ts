import { column, type Column, type Frame, type Notice } from '@topdeck/grafana-plugin-sdk/frames';
import type { ComparisonQuery, ComparisonResponse, MetricComparison, ServiceHealth } from '@topdeck/protocol';
import { badQuery } from './bad-query.ts';
import { COMPARISON_REFERENCE, COMPARISON_VERDICT, JUDGEMENT_TEXT, PERCENT } from './display.ts';
import { select } from './filter.ts';
import { numericFrame, tableFrame, timeColumn } from './frame-kinds.ts';
import { chooseNumber } from './numbers.ts';
import { newestMs } from './past.ts';
import type { Extras, FrameInput, QueryTypeEntry, ReadRequest } from './query-type.ts';
import { cut, freshnessNotices, URGENCY, type Cut } from './rows.ts';

const NAME = 'comparison';
/** The bridge makes up to twelve requests of the metrics source for each. */
const MAX_SERVICES = 10;
/** A range that ends so near to the newest state ends now: so all who look at now share the bridge's answer. */
const NOW_MS = 60_000;

interface Row extends MetricComparison {
  readonly service: ServiceHealth;
  readonly metric: string;
  readonly unit: string;
  readonly now: number | null;
}

function chosen({ query, snapshot }: Pick<ReadRequest, 'query' | 'snapshot'>): Cut<ServiceHealth> {
  return cut(snapshot.services.filter(select(query.filter, snapshot).service), {
    limit: Math.min(query.limit ?? MAX_SERVICES, MAX_SERVICES),
    what: 'services',
    urgency: ({ status }) => URGENCY[status],
  });
}

/** Throws a QueryError (400) when no service is named: each costs the metrics source a dozen requests. */
async function read(request: ReadRequest): Promise<Extras> {
  const { query, snapshot, range, reads, signal } = request;
  if (select(query.filter, snapshot).everything) {
    throw badQuery(`A ${NAME} is of single services: name one to ${MAX_SERVICES} of them`);
  }
  const isPast = range.toMs < newestMs(snapshot) - NOW_MS;
  const asked: ComparisonQuery = {
    ...(isPast && { at: new Date(Math.max(0, range.toMs)).toISOString() }),
    ...(query.metric !== undefined && query.metric !== '' && { metric: query.metric }),
  };
  const { rows } = chosen(request);
  return {
    comparisons: await Promise.all(rows.map(({ resource_id }) => reads.comparison(resource_id, asked, signal))),
  };
}

function rowsOf(comparison: ComparisonResponse, service: ServiceHealth): Row[] {
  return comparison.metrics.flatMap(({ metric, unit, now, comparisons }) =>
    comparisons.map((one) => ({ ...one, service, metric, unit, now: now?.mean ?? null })),
  );
}

function leftOut(comparisons: readonly ComparisonResponse[]): Notice[] {
  const names = [...new Set(comparisons.flatMap(({ metrics_left_out }) => metrics_left_out))];
  if (names.length === 0) return [];
  return [{ severity: 'info', text: `Not compared: ${names.join(', ')}. Ask for one by its name.` }];
}

function judgement({ verdict, worse }: Row): string {
  if (verdict === 'unknown') return 'unknown';
  if (worse === null) return 'neutral';
  return worse ? 'worse' : 'not_worse';
}

const COLUMNS: readonly Column<Row>[] = [
  column.string('name', ({ service }) => service.resource_name),
  column.string('metric', ({ metric }) => metric),
  column.string('against', ({ against }) => against, { config: COMPARISON_REFERENCE }),
  column.nullable.float64('now', ({ now }) => now),
  column.nullable.float64('then', ({ value }) => value),
  column.string('unit', ({ unit }) => unit),
  column.nullable.float64('change', ({ change }) => (change === null ? null : change * 100), { config: PERCENT }),
  column.nullable.float64('z', ({ z }) => z, { config: { decimals: 1 } }),
  column.string('verdict', ({ verdict }) => verdict, { config: COMPARISON_VERDICT }),
  column.string('judgement', judgement, { config: JUDGEMENT_TEXT }),
  column.string('text', ({ text }) => text),
  column.string('id', ({ service }) => service.resource_id),
  timeColumn('since', ({ since }) => since),
  timeColumn('until', ({ until }) => until),
];

/** What stays of a row from one evaluation to the next. */
const IDENTITY = [
  { name: 'id', read: ({ service }: Row) => service.resource_id },
  { name: 'name', read: ({ service }: Row) => service.resource_name },
  { name: 'metric', read: ({ metric }: Row) => metric },
  { name: 'against', read: ({ against }: Row) => against },
];

function frames({ query, received: { snapshot }, extras, format, keepFields = false }: FrameInput): readonly Frame[] {
  const number = chooseNumber<'comparison', Row>(
    {
      type: NAME,
      numbers: {
        z: { read: ({ z }) => z, config: { decimals: 1 } },
        change: { read: ({ change }) => change, config: { unit: 'percentunit' } },
      },
    },
    query.value,
  );
  const { rows: services, notices } = chosen({ query, snapshot });
  const { comparisons = [] } = extras;
  const found = new Map(comparisons.map((comparison) => [comparison.resource_id, comparison]));
  const rows = services.flatMap((service) => {
    const comparison = found.get(service.resource_id);
    return comparison === undefined ? [] : rowsOf(comparison, service);
  });
  const said = [...freshnessNotices(snapshot), ...notices, ...leftOut(comparisons)];
  const common = { name: NAME, rows, notices: said };
  if (format === 'table') return [tableFrame<Row>({ ...common, columns: COLUMNS })];
  return [numericFrame<Row>({ ...common, identity: IDENTITY, number, keepFields })];
}

/** No state tells it, and an hour does not change at a tick: it is read again at each refresh. */
export const comparisonEntry: QueryTypeEntry = { read, frames };
