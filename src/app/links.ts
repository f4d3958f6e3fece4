import { DATA_SOURCE_TYPE } from '../ui/source.ts';

export const APP_ID = 'topdeck-livediagnostics-app';

/** Pages of Grafana. Paths below its root; Grafana's own link components put a sub-path before them. */
export const PAGES = {
  live: `/a/${APP_ID}`,
  setUp: `/a/${APP_ID}/set-up`,
  addDataSource: `/connections/datasources/${DATA_SOURCE_TYPE}`,
  dataSources: '/connections/datasources',
  dataSource: (uid: string): string => `/connections/datasources/edit/${uid}`,
  dashboards: '/dashboards?tag=live-diagnostics',
  newDashboard: '/dashboard/new',
  explore: '/explore',
  alertRules: '/alerting/list',
} as const;
