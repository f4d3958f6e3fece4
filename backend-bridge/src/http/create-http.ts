import { randomUUID } from 'node:crypto';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { registerDocsRoutes, registerOpenApi } from './docs-routes.ts';
import type { HttpDependencies } from './dependencies.ts';
import { createErrorAnswer, registerErrorAnswers, type ErrorAnswer } from './error-answers.ts';
import { registerAuthGuard, registerOriginGuard, registerRateGuard } from './guards.ts';
import { registerHistoryRoutes } from './history-routes.ts';
import { registerIncidentRoutes } from './incident-routes.ts';
import { registerLandingPage } from './landing-page.ts';
import { registerLayoutRoutes } from './layout-routes.ts';
import { registerLiveDiagnosticsRoutes } from './live-diagnostics-routes.ts';
import { registerObservation } from './observation.ts';
import { registerPreviewPage } from './preview-page.ts';
import { registerProbeRoutes } from './probe-routes.ts';
import { refuseUnparsable } from './refusals.ts';

/** The largest body that means anything is a change with its labels. */
const BODY_LIMIT_BYTES = 16_384;
/** A resource id of 512 characters, each up to three bytes, percent-encoded. */
const MAX_PARAMETER_LENGTH = 512 * 9;
const REQUEST_TIMEOUT_MS = 30_000;
const COMPRESS_ABOVE_BYTES = 1024;
/** A third of the time of the default quality for nearly the same size. */
const BROTLI_QUALITY = 4;
const PREFLIGHT_CACHE_S = 600;

function createApp({ config }: HttpDependencies, answer: ErrorAnswer): FastifyInstance {
  const app = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? [...config.TRUSTED_PROXIES] : false,
    // All faults of a request are named at once (REST-9); the parameters are few, so this costs nothing.
    ajv: { customOptions: { allErrors: true, coerceTypes: true, removeAdditional: false } },
    clientErrorHandler: refuseUnparsable,
    // What the router finds before it knows a route: a path that cannot be decoded.
    frameworkErrors: (error, request, reply) => void answer(error, request, reply),
  });
  // Response schemas document; the answers are already of the contract's types, so nothing is filtered on the way out.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  return app;
}

async function registerHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
    },
    // TLS ends elsewhere, and whoever ends it decides whether the name is only for https.
    strictTransportSecurity: false,
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
}

/**
 * The HTTP side of the bridge, ready to listen. Hooks run in the order written here: whoever is refused early costs
 * little, and a refusal of any kind carries the CORS headers a page needs to read it once its origin is known to be fine.
 */
export async function createHttp(dependencies: HttpDependencies): Promise<FastifyInstance> {
  const { config } = dependencies;
  const answer = createErrorAnswer(dependencies);
  const app = createApp(dependencies, answer);
  registerObservation(app, dependencies);
  registerErrorAnswers(app, answer);
  await registerHeaders(app);
  registerOriginGuard(app, dependencies);
  await app.register(cors, {
    origin: true,
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ['authorization', 'content-type'],
    exposedHeaders: ['retry-after', 'x-request-id'],
    maxAge: PREFLIGHT_CACHE_S,
    strictPreflight: false,
  });
  await app.register(rateLimit, { global: false, max: config.HTTP_RATE_PER_ADDRESS, timeWindow: 60_000 });
  registerRateGuard(app);
  registerAuthGuard(app, dependencies.auth);
  await app.register(compress, {
    encodings: ['br', 'gzip'],
    threshold: COMPRESS_ABOVE_BYTES,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
    globalDecompression: false,
  });
  await registerOpenApi(app);
  registerLiveDiagnosticsRoutes(app, dependencies);
  registerHistoryRoutes(app, dependencies);
  registerLayoutRoutes(app, dependencies);
  registerIncidentRoutes(app, dependencies);
  registerProbeRoutes(app, dependencies);
  registerLandingPage(app, dependencies);
  await registerPreviewPage(app, dependencies);
  await registerDocsRoutes(app);
  return app;
}
