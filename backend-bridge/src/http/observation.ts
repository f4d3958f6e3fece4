import type { FastifyInstance } from 'fastify';
import type { HttpDependencies } from './dependencies.ts';

/** One metric and one debug line a request. Neither has the query string or headers, which may carry secrets. */
export function registerObservation(app: FastifyInstance, { log, metrics }: HttpDependencies): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    // The pattern and not the path, so that the label has as many values as there are routes.
    const route = request.routeOptions.url ?? 'unmatched';
    metrics.httpRequestSeconds.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    log.debug({
      event: 'http.request',
      requestId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
    });
  });
}
