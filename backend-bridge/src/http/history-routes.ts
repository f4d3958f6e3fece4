import type { FastifyInstance } from 'fastify';
import {
  EventsQuery,
  EventsResponse,
  HealthHistoryQuery,
  HealthHistoryResponse,
  MetricRangeParams,
  MetricRangeQuery,
  MetricRangeResponse,
  REST_PREFIX,
} from '@topdeck/protocol';
import type { HttpDependencies } from './dependencies.ts';
import { sendJsonBytes } from './json-answer.ts';
import { routeSchema } from './route-schema.ts';

const tag = 'History';

/** REST-7, REST-12, REST-13. */
export function registerHistoryRoutes(app: FastifyInstance, { feed }: HttpDependencies): void {
  app.get<{ Querystring: EventsQuery }>(
    `${REST_PREFIX}/events`,
    {
      schema: routeSchema({
        operationId: 'listEvents',
        summary: 'Past events, newest first',
        tag,
        querystring: EventsQuery,
        answer: EventsResponse,
      }),
    },
    ({ query }) => feed.events(query),
  );
  app.get<{ Querystring: HealthHistoryQuery }>(
    `${REST_PREFIX}/health-history`,
    {
      schema: routeSchema({
        operationId: 'getHealthHistory',
        summary: 'Status and health score of services over time, as steps',
        tag,
        querystring: HealthHistoryQuery,
        answer: HealthHistoryResponse,
      }),
    },
    async ({ query }, reply) => sendJsonBytes(reply, await feed.healthHistory(query)),
  );
  app.get<{ Params: MetricRangeParams; Querystring: MetricRangeQuery }>(
    `${REST_PREFIX}/metrics/:metric/range`,
    {
      schema: routeSchema({
        operationId: 'getMetricRange',
        summary: 'One metric of services or edges over time, read from the metrics source',
        tag,
        params: MetricRangeParams,
        querystring: MetricRangeQuery,
        answer: MetricRangeResponse,
      }),
    },
    async ({ params, query }, reply) => sendJsonBytes(reply, await feed.metricRange(params.metric, query)),
  );
}
