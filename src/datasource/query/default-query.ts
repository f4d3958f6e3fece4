import { CoreApp } from '@grafana/data';
import type { Query } from '../types.ts';

export const isAlerting = (app: CoreApp | string | undefined): boolean =>
  app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting;

/** What a new panel, rule or Explore starts with: the health of all services. */
export function defaultQuery(app: CoreApp | string): Partial<Query> {
  return isAlerting(app)
    ? { queryType: 'services', format: 'numeric', value: 'health_score' }
    : { queryType: 'services', format: 'table' };
}
