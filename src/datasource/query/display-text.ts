import type { QueryFilter } from '@topdeck/protocol/grafana';
import type { Query } from '../types.ts';

const listText = (name: string, values: readonly string[] | undefined): string[] =>
  values && values.length > 0 ? [`${name} ${values.join('|')}`] : [];

function filterTexts(filter: QueryFilter): readonly string[] {
  return [
    ...listText('id', filter.ids),
    ...(filter.name ? [`name ~ ${filter.name}`] : []),
    ...listText('type', filter.types),
    ...listText('status', filter.statuses),
    ...listText('severity', filter.severities),
    ...(filter.labels ?? []).map(({ key, op, value }) => `${key}${op}"${value}"`),
    ...(filter.min_score === undefined ? [] : [`score ≥ ${filter.min_score}`]),
    ...(filter.abnormal_only === true ? ['abnormal'] : []),
    ...(filter.around ? [`within ${filter.around.depth} of ${filter.around.id}`] : []),
  ];
}

/** One line that tells a query from its neighbours, as in a collapsed row or the query history. */
export function displayText({ queryType, metric, value, filter = {} }: Query): string {
  const what = [queryType, metric ?? value].filter(Boolean).join(' ');
  const conditions = filterTexts(filter);
  return conditions.length === 0 ? what : `${what}: ${conditions.join(', ')}`;
}
