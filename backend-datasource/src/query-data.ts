import {
  queryEach,
  type InstanceManager,
  type QueryDataHandler,
  type QueryDataRequest,
} from '@topdeck/grafana-plugin-sdk';
import { answer } from './answer.ts';
import type { Instance } from './instance.ts';
import type { PluginMetrics } from './metrics.ts';
import { readQuery } from './query.ts';

/** Grafana names the asker in a header; middlewares differ in how they write it. */
export function isAlert({ headers }: Pick<QueryDataRequest, 'headers'>): boolean {
  return Object.entries(headers).some(([name, value]) => /^(http_)?fromalert$/i.test(name) && value === 'true');
}

export function createQueryData(instances: InstanceManager<Instance>, metrics: PluginMetrics): QueryDataHandler {
  return queryEach(async (dataQuery, request, { signal }) => {
    const query = readQuery(dataQuery.json());
    const { timeRange: range, maxDataPoints, intervalMs } = dataQuery;
    const question = { query, range, maxDataPoints, intervalMs, forAlert: isAlert(request) };
    return metrics.timeQuery(query.queryType, () =>
      instances.use(request.context, (instance) => answer(instance, question, signal)),
    );
  });
}
