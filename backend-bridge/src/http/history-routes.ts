import type { FastifyInstance } from 'fastify';
import {
  ComparisonQuery,
  ComparisonResponse,
  EventsQuery,
  EventsResponse,
  HealthHistoryQuery,
  HealthHistoryResponse,
  MetricRangeParams,
  MetricRangeQuery,
  MetricRangeResponse,
  REST_PREFIX,
  ServiceParams,
} from '@topdeck/protocol';
import type { HttpDependencies } from './dependencies.ts';
import { sendJsonBytes } from './json-answer.ts';
import { routeSchema } from './route-schema.ts';

const tag = 'History';

function registerComparison(app: FastifyInstance, { feed }: HttpDependencies): void {
  app.get<{ Params: { id: string }; Querystring: ComparisonQuery }>(
    `${REST_PREFIX}/services/:id/comparison`,
    {
      schema: routeSchema({
        operationId: 'getServiceComparison',
        summary:
          'Metrics of one service now, against the hour, day and week before and the same hour yesterday and last week',
        tag,
        params: ServiceParams,
        querystring: ComparisonQuery,
        answer: ComparisonResponse,
      }),
    },
    async ({ params, query }, reply) => sendJsonBytes(reply, await feed.comparison(params.id, query)),
  );
}

/** REST-7, REST-12, REST-13, REST-15, REST-16. */
export function registerHistoryRoutes(app: FastifyInstance, dependencies: HttpDependencies): void {
  registerComparison(app, dependencies);
  const { feed } = dependencies;
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
