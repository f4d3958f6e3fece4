import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isAllowedHost, isAllowedOrigin, isOwnPage } from '../access/origin.ts';
import type { Scope } from '../access/scopes.ts';
import { BridgeError } from '../errors.ts';
import type { HttpDependencies } from './dependencies.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Scope that a route needs, or public. A route that does not say needs `read`. */
    access?: Scope | 'public';
    /** Exempt from the rate limit: what orchestrators ask all the time. */
    unlimited?: true;
  }
}

type GuardParts = Pick<HttpDependencies, 'config' | 'auth'>;

/** SEC-3, SEC-7. Before anything else: who is refused here learns nothing and costs nothing. */
export function registerOriginGuard(app: FastifyInstance, { config, auth }: GuardParts): void {
  const rule = { listenHost: config.HOST, allowedOrigins: config.ALLOWED_ORIGINS };
  app.addHook('onRequest', async (request) => {
    const { host, origin } = request.headers;
    if (!isAllowedHost(host, rule)) throw new BridgeError('FORBIDDEN_HOST');
    if (isAllowedOrigin(origin, rule.allowedOrigins) || isOwnPage({ origin, host }, auth.enabled)) return;
    throw new BridgeError('FORBIDDEN_ORIGIN');
  });
}

/** LIM-10. Before authentication, so that guessing tokens counts; addresses of one IPv6 /64 count as one. */
export function registerRateGuard(app: FastifyInstance): void {
  const limit = app.createRateLimit();
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.unlimited) return;
    const state = await limit(request);
    if (state.isAllowed || !state.isExceeded) return;
    reply.header('retry-after', state.ttlInSeconds);
    throw new BridgeError('RATE_LIMITED', { detail: `${state.max} a minute; try again in ${state.ttlInSeconds} s` });
  });
}

const neededScope = (request: FastifyRequest): Scope | 'public' =>
  request.is404 ? 'public' : (request.routeOptions.config.access ?? 'read');

/** SEC-1, SEC-2. */
export function registerAuthGuard(app: FastifyInstance, auth: HttpDependencies['auth']): void {
  app.addHook('onRequest', async (request) => {
    const scope = neededScope(request);
    if (scope === 'public') return;
    const result = await auth.authenticate({ authorization: request.headers.authorization });
    if (!result.ok) throw new BridgeError(result.code);
    if (!result.scopes.includes(scope)) throw new BridgeError('FORBIDDEN_SCOPE', { detail: scope });
  });
}
