export const APP_ID = 'topdeck-livediagnostics-app';
export const DATA_SOURCE_ID = 'topdeck-livediagnostics-datasource';

/** Pages of Grafana. Paths below its root; Grafana's own link components put a sub-path before them. */
export const PAGES = {
  gettingStarted: `/a/${APP_ID}`,
  addDataSource: `/connections/datasources/${DATA_SOURCE_ID}`,
  dataSources: '/connections/datasources',
  newDashboard: '/dashboard/new',
  explore: '/explore',
  alertRules: '/alerting/list',
  guide: `/plugins/${APP_ID}?page=overview`,
} as const;
