import type { FastifyInstance, FastifyReply } from 'fastify';
import {
  ChangeEvent,
  ChangeRequest,
  ChangesQuery,
  ChangesResponse,
  IncidentParams,
  IncidentResponse,
  IncidentsQuery,
  IncidentsResponse,
  REST_PREFIX,
  RootCauseQuery,
  RootCauseResponse,
  ServiceParams,
} from '@topdeck/protocol';
import { BridgeError } from '../errors.ts';
import type { IncidentRead } from '../publisher/feed.ts';
import type { HttpDependencies } from './dependencies.ts';
import { sendJsonBytes } from './json-answer.ts';
import { routeSchema } from './route-schema.ts';

const tag = 'Incidents';
/** From one address: a roll-out of a hundred services within a minute is one deployment system at work. */
const CHANGES_PER_MINUTE = 120;
const DEFAULT_LOOKBACK_HOURS = 1;

type Answer = (reply: FastifyReply, request: IncidentRead) => Promise<FastifyReply>;

/** INC-7, INC-8. */
function registerIncidentReads(app: FastifyInstance, answer: Answer): void {
  app.get<{ Querystring: IncidentsQuery }>(
    `${REST_PREFIX}/incidents`,
    {
      schema: routeSchema({
        operationId: 'listIncidents',
        summary: 'Incidents, newest first',
        tag,
        querystring: IncidentsQuery,
        answer: IncidentsResponse,
      }),
    },
    ({ query }, reply) => answer(reply, { read: 'incidents', query }),
  );
  app.get<{ Params: { id: string } }>(
    `${REST_PREFIX}/incidents/:id`,
    {
      schema: routeSchema({
        operationId: 'getIncident',
        summary: 'One incident and what was told of it',
        tag,
        params: IncidentParams,
        answer: IncidentResponse,
      }),
    },
    ({ params }, reply) => answer(reply, { read: 'incident', incidentId: params.id }),
  );
  app.get<{ Params: { id: string }; Querystring: RootCauseQuery }>(
    `${REST_PREFIX}/services/:id/root-cause`,
    {
      schema: routeSchema({
        operationId: 'getRootCause',
        summary: 'Why a service is in trouble, and the incidents it was part of',
        tag,
        params: ServiceParams,
        querystring: RootCauseQuery,
        answer: RootCauseResponse,
      }),
    },
    ({ params, query }, reply) =>
      answer(reply, {
        read: 'root-cause',
        resourceId: params.id,
        lookbackHours: query.lookback_hours ?? DEFAULT_LOOKBACK_HOURS,
      }),
  );
}

/** INC-6. */
function registerChanges(app: FastifyInstance, feed: HttpDependencies['feed'], answer: Answer): void {
  const limit = app.createRateLimit({ max: CHANGES_PER_MINUTE, timeWindow: 60_000 });
  app.post<{ Body: ChangeRequest }>(
    `${REST_PREFIX}/changes`,
    {
      config: { access: 'write' },
      preHandler: async (request, reply) => {
        const state = await limit(request);
        if (state.isAllowed || !state.isExceeded) return;
        reply.header('retry-after', state.ttlInSeconds);
        throw new BridgeError('RATE_LIMITED', { detail: `${state.max} changes a minute` });
      },
      schema: {
        body: ChangeRequest,
        ...routeSchema({
          operationId: 'reportChange',
          summary: 'Tell of a deploy or another change; needs the scope write',
          tag,
          answer: ChangeEvent,
        }),
      },
    },
    ({ body }) => feed.reportChange(body),
  );
  app.get<{ Querystring: ChangesQuery }>(
    `${REST_PREFIX}/changes`,
    {
      schema: routeSchema({
        operationId: 'listChanges',
        summary: 'Changes, newest first',
        tag,
        querystring: ChangesQuery,
        answer: ChangesResponse,
      }),
    },
    ({ query }, reply) => answer(reply, { read: 'changes', query }),
  );
}

/** INC-6 to INC-8. */
export function registerIncidentRoutes(app: FastifyInstance, { feed }: HttpDependencies): void {
  const answer: Answer = async (reply, request) => {
    const bytes = await feed.read(request);
    if (bytes === undefined) throw new BridgeError('NOT_FOUND');
    return sendJsonBytes(reply, bytes);
  };
  registerIncidentReads(app, answer);
  registerChanges(app, feed, answer);
}
