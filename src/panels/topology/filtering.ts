import type { GraphFilter } from './model/filter-graph.ts';

/** Whether something may be hidden; what dims hides nothing. */
export const isFiltering = ({ statuses, types, severities, around }: GraphFilter): boolean =>
  statuses.length > 0 || types.length > 0 || severities.length > 0 || around !== undefined;
