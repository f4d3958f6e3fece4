import { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { validator } from '@topdeck/protocol/validate';
import { badQuery } from './frames/bad-query.ts';

const check = validator(DiagnosticsQuery);

/**
 * The query as an editor, a provisioned dashboard or a rule gives it; keys that are Grafana's own are left out.
 * Throws a QueryError with status 400 that names what is wrong.
 */
export function readQuery(json: unknown): DiagnosticsQuery {
  const given = typeof json === 'object' && json !== null ? json : {};
  const filled = Object.entries(given).filter(([, value]) => value !== null && value !== '');
  const parsed = check({ queryType: 'services', ...Object.fromEntries(filled) });
  if (parsed.ok) return parsed.value;
  throw badQuery(`This query cannot be answered: ${parsed.detail}`);
}

/** Objects with sorted keys and without what is empty, so that equal queries have equal texts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => !isEmpty(member));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]));
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** What distinguishes one stream from another, as a text: the query without its type, and without what only the browser needs. */
export function canonicalText({ filter, format, value, metric, scope, bands, limit }: DiagnosticsQuery): string {
  const own = { format, value, metric, scope, bands: bands || undefined, limit };
  return JSON.stringify(sorted({ filter: isEmptyFilter(filter) ? undefined : filter, ...own }));
}

const isEmptyFilter = (filter: DiagnosticsQuery['filter']): boolean =>
  filter === undefined || Object.values(filter).every(isEmpty);
