import type { DiagnosticsQuery, QueryFilter } from '@topdeck/protocol/grafana';

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

const filled = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => !isEmpty(member))) as Partial<T>;

/** The filter without what says nothing; undefined when nothing is left. */
export function compactFilter(filter: QueryFilter | undefined): QueryFilter | undefined {
  const compact = filled(filter ?? {});
  if (compact.around?.id === '') delete compact.around;
  return Object.keys(compact).length === 0 ? undefined : compact;
}

/**
 * The query as a stream's subscriber sends it: variables replaced, and nothing of Grafana's own (refId, datasource, hide) or
 * of the browser alone (live, streaming). The executable holds a digest of it against the channel's path.
 */
export function wireQuery(query: DiagnosticsQuery): DiagnosticsQuery {
  const { queryType, filter, format, value, metric, scope, bands, limit } = query;
  return {
    queryType,
    ...filled({ filter: compactFilter(filter), format, value, metric, scope, bands: bands || undefined, limit }),
  };
}
