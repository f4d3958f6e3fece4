import type { FastifyInstance, FastifyReply } from 'fastify';
import Type from 'typebox';
import {
  AnomaliesQuery,
  AnomalyAlert,
  FailingDependency,
  HealthResponse,
  RefreshResponse,
  REST_PREFIX,
  ServiceHealth,
  ServiceParams,
  Snapshot,
  SnapshotQuery,
  TrafficPattern,
  TrafficQuery,
} from '@topdeck/protocol';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { ReadRequest } from '../publisher/feed.ts';
import type { HttpDependencies } from './dependencies.ts';
import { sendJsonBytes } from './json-answer.ts';
import { routeSchema } from './route-schema.ts';
import { diagnosisFailed, sourceHealth } from './source-health.ts';

const DEFAULT_ANOMALIES = 50;

/** Python clients of the original send True and False. */
const BOOLEAN_WORDS: Readonly<Record<string, string>> = { True: 'true', False: 'false', '1': 'true', '0': 'false' };

type Answer = (reply: FastifyReply, request: ReadRequest) => Promise<FastifyReply>;

function createAnswer(feed: HttpDependencies['feed']): Answer {
  return async (reply, request) => {
    const bytes = await feed.read(request);
    if (bytes === undefined) throw new BridgeError('NOT_FOUND');
    return sendJsonBytes(reply, bytes);
  };
}

/** REST-1, REST-2, REST-5. */
function registerStateReads(app: FastifyInstance, answer: Answer): void {
  app.get(
    `${REST_PREFIX}/snapshot`,
    {
      schema: routeSchema({
        operationId: 'getSnapshot',
        summary: 'The newest snapshot',
        querystring: SnapshotQuery,
        answer: Snapshot,
      }),
    },
    (_request, reply) => answer(reply, { read: 'snapshot' }),
  );
  app.get<{ Params: { id: string } }>(
    `${REST_PREFIX}/services/:id/health`,
    {
      schema: routeSchema({
        operationId: 'getServiceHealth',
        summary: 'Health of one service',
        params: ServiceParams,
        answer: ServiceHealth,
      }),
    },
    (request, reply) => answer(reply, { read: 'service', resourceId: request.params.id }),
  );
  app.get(
    `${REST_PREFIX}/failing-dependencies`,
    {
      schema: routeSchema({
        operationId: 'listFailingDependencies',
        summary: 'Edges whose target is degraded or failed',
        answer: Type.Array(FailingDependency),
      }),
    },
    (_request, reply) => answer(reply, { read: 'failing-dependencies' }),
  );
}

/** REST-3, REST-4. */
function registerFilteredReads(app: FastifyInstance, answer: Answer): void {
  app.get<{ Querystring: AnomaliesQuery }>(
    `${REST_PREFIX}/anomalies`,
    {
      schema: routeSchema({
        operationId: 'listAnomalies',
        summary: 'Open anomalies, worst first',
        querystring: AnomaliesQuery,
        answer: Type.Array(AnomalyAlert),
      }),
    },
    ({ query }, reply) =>
      answer(reply, { read: 'anomalies', severity: query.severity, limit: query.limit ?? DEFAULT_ANOMALIES }),
  );
  app.get<{ Querystring: TrafficQuery }>(
    `${REST_PREFIX}/traffic-patterns`,
    {
      schema: routeSchema({
        operationId: 'listTrafficPatterns',
        summary: 'Traffic of every edge with data',
        querystring: TrafficQuery,
        answer: Type.Array(TrafficPattern),
      }),
      preValidation: async ({ query }) => {
        const word = (query as { abnormal_only?: unknown }).abnormal_only;
        if (typeof word === 'string' && Object.hasOwn(BOOLEAN_WORDS, word)) {
          Object.assign(query, { abnormal_only: BOOLEAN_WORDS[word] });
        }
      },
    },
    ({ query }, reply) => answer(reply, { read: 'traffic', abnormalOnly: query.abnormal_only ?? false }),
  );
}

function registerHealth(app: FastifyInstance, { feed, clock }: HttpDependencies): void {
  const now = (): string => new Date(clock.nowMs()).toISOString();
  app.get(
    `${REST_PREFIX}/health`,
    {
      schema: routeSchema({ operationId: 'getSourceHealth', summary: 'State of the sources', answer: HealthResponse }),
    },
    async () => {
      try {
        // REST-8: a read like any other, so that the answer is about now and not about when the pipeline fell asleep.
        await feed.read({ read: 'failing-dependencies' }).catch((error: unknown) => {
          if (toBridgeError(error).code !== 'NOT_READY') throw error;
        });
        return sourceHealth(await feed.status(), now());
      } catch (error) {
        const fault = toBridgeError(error);
        if (fault.code !== 'PIPELINE_FAILED') throw fault;
        return diagnosisFailed(fault, now());
      }
    },
  );
}

/** REST-1 to REST-6, REST-8 to REST-10. */
export function registerLiveDiagnosticsRoutes(app: FastifyInstance, dependencies: HttpDependencies): void {
  const { feed } = dependencies;
  const answer = createAnswer(feed);
  registerStateReads(app, answer);
  registerFilteredReads(app, answer);
  registerHealth(app, dependencies);
  app.post(
    `${REST_PREFIX}/refresh`,
    {
      config: { access: 'write' },
      schema: routeSchema({
        operationId: 'refresh',
        summary: 'Read topology and metrics now; needs the scope write',
        answer: RefreshResponse,
      }),
    },
    async () => {
      const { epoch, seq, atMs } = await feed.refresh();
      return { epoch, seq, timestamp: new Date(atMs).toISOString() } satisfies RefreshResponse;
    },
  );
}
