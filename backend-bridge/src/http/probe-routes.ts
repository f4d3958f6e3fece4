import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { SocketHealthResponse, WS_PATH } from '@topdeck/protocol';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { HttpDependencies } from './dependencies.ts';
import { routeSchema } from './route-schema.ts';

const Alive = Type.Object({ status: Type.Literal('alive') });
const Ready = Type.Object({ status: Type.Literal('ready') });

/**
 * Keeps the pipeline running until its first state is there. Orchestrators ask again and again; one listener is enough,
 * and afterwards the pipeline may sleep.
 */
function createWaker(feed: HttpDependencies['feed']): { wake(): void; rest(): void } {
  let stop: (() => void) | undefined;
  const rest = (): void => {
    stop?.();
    stop = undefined;
  };
  return { rest, wake: () => void (stop ??= feed.listen(rest)) };
}

function registerReadiness(app: FastifyInstance, { feed }: HttpDependencies): void {
  const waker = createWaker(feed);
  app.addHook('onClose', async () => waker.rest());
  app.get(
    '/readyz',
    {
      config: { access: 'public', unlimited: true },
      schema: routeSchema({
        operationId: 'getReadiness',
        summary: 'Ready once a first state exists',
        tag: 'Operation',
        answer: Ready,
      }),
    },
    async () => {
      const { atMs } = await feed.status();
      if (atMs !== undefined) return { status: 'ready' };
      waker.wake();
      throw new BridgeError('NOT_READY');
    },
  );
}

function registerSocketHealth(app: FastifyInstance, { feed, sockets, clock }: HttpDependencies): void {
  app.get(
    `${WS_PATH}/health`,
    {
      schema: routeSchema({
        operationId: 'getSocketHealth',
        summary: 'Number of WebSocket connections and whether diagnosis runs',
        tag: 'Operation',
        answer: SocketHealthResponse,
      }),
    },
    async (): Promise<SocketHealthResponse> => {
      const running = await feed.status().then(
        (status) => status.running,
        () => false,
      );
      return {
        status: 'healthy',
        active_connections: sockets.connectionCount(),
        publisher_running: running,
        timestamp: new Date(clock.nowMs()).toISOString(),
      };
    },
  );
  app.get(WS_PATH, { schema: { hide: true } }, async () => {
    throw new BridgeError('INVALID_REQUEST', { detail: 'expected a WebSocket handshake' });
  });
}

function registerMetrics(app: FastifyInstance, { feed, metrics, log }: HttpDependencies): void {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Self-metrics in the Prometheus text format',
        tags: ['Operation'],
        produces: ['text/plain'],
        response: { 200: Type.String() },
      },
    },
    async (_request, reply) => {
      const server = await metrics.registry.metrics();
      // A dead pipeline is what an operator reads metrics for: what this thread knows is shown all the same.
      const pipeline = await feed.metricsText().catch((error: unknown) => {
        log.warn({ event: 'metrics.pipeline_unreadable', err: toBridgeError(error) });
        return '';
      });
      return reply.type(metrics.registry.contentType).send(`${server}${pipeline}`);
    },
  );
}

/** What runs the bridge rather than reads from it: probes, self-metrics, CONN-8. */
export function registerProbeRoutes(app: FastifyInstance, dependencies: HttpDependencies): void {
  app.get(
    '/healthz',
    {
      config: { access: 'public', unlimited: true },
      schema: routeSchema({
        operationId: 'getLiveness',
        summary: 'The process is alive',
        tag: 'Operation',
        answer: Alive,
      }),
    },
    () => ({ status: 'alive' }),
  );
  registerReadiness(app, dependencies);
  registerSocketHealth(app, dependencies);
  registerMetrics(app, dependencies);
}
