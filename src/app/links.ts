const DATA_SOURCE_ID = 'topdeck-livediagnostics-datasource';

/** Pages of Grafana. Paths below its root; Grafana's own link components put a sub-path before them. */
export const PAGES = {
  addDataSource: `/connections/datasources/${DATA_SOURCE_ID}`,
  dataSources: '/connections/datasources',
  newDashboard: '/dashboard/new',
  explore: '/explore',
  alertRules: '/alerting/list',
} as const;
