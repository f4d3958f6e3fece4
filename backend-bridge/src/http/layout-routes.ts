import type { FastifyInstance } from 'fastify';
import { LayoutResponse, REST_PREFIX } from '@topdeck/protocol';
import { BridgeError } from '../errors.ts';
import type { HttpDependencies } from './dependencies.ts';
import { sendJsonBytes } from './json-answer.ts';
import { routeSchema } from './route-schema.ts';

/** REST-11. */
export function registerLayoutRoutes(app: FastifyInstance, { feed }: HttpDependencies): void {
  app.get(
    `${REST_PREFIX}/layout`,
    {
      schema: routeSchema({
        operationId: 'getLayout',
        summary: 'Where each resource is drawn',
        answer: LayoutResponse,
      }),
    },
    async (_request, reply) => {
      const bytes = await feed.read({ read: 'layout' });
      if (bytes === undefined) throw new BridgeError('NOT_READY');
      return sendJsonBytes(reply, bytes);
    },
  );
}
