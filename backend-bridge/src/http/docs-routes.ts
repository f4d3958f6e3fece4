import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { asyncApiDocument } from './asyncapi.ts';
import { plainSchema, referNamedSchemas, toOpenApiSchema, type JsonObject } from './json-schema.ts';
import { VERSION } from './version.ts';

const DOCS = '/docs';

const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Live Diagnostics',
    version: VERSION,
    description:
      'Live service health, anomalies and failing dependencies. The WebSocket is described by /docs/asyncapi.json.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  tags: [
    { name: 'Diagnosis', description: 'The newest state' },
    { name: 'History', description: 'What happened before' },
    { name: 'Incidents', description: 'What one fault did, its cause, and changes as evidence' },
    { name: 'Operation', description: 'Probes and self-metrics' },
  ],
  components: {
    securitySchemes: {
      bearer: {
        type: 'http' as const,
        scheme: 'bearer',
        description: 'Needed where authentication is configured: a static token or a JWT',
      },
    },
  },
};

/** No token, or one: that depends on the installation. */
const OPTIONAL_TOKEN: Record<string, string[]>[] = [{}, { bearer: [] }];

const RESPONSES: Readonly<Record<string, string>> = {
  '200': 'Done',
  '4XX': 'Refused: the caller can do something about it',
  '5XX': 'Failed: the bridge or what it reads from is in trouble',
};

/** Names the shared schemas and fills in what does not vary from route to route. */
function completeDocument(openapi: JsonObject): JsonObject {
  const { document, schemas } = referNamedSchemas(openapi, toOpenApiSchema);
  for (const path of Object.values(document['paths'] as Record<string, Record<string, { responses: JsonObject }>>)) {
    for (const { responses } of Object.values(path)) {
      for (const [status, response] of Object.entries(responses)) {
        Object.assign(response as JsonObject, { description: RESPONSES[status] });
      }
    }
  }
  return { ...document, components: { ...(document['components'] as JsonObject), schemas } };
}

/** Before the routes: it collects what they declare. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: OPENAPI,
    convertConstToEnum: false,
    transform: ({ schema, url, route }) => {
      const converted = toOpenApiSchema(plainSchema(schema ?? {})) as JsonObject;
      return {
        url,
        schema: route.config?.access === 'public' ? converted : { ...converted, security: OPTIONAL_TOKEN },
      };
    },
    transformObject: (made) => ('openapiObject' in made ? completeDocument(plainSchema(made.openapiObject)) : {}),
  });
}

/** SEC-6: the same on every installation, so no token is needed. */
export async function registerDocsRoutes(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (route.url === DOCS || route.url.startsWith(`${DOCS}/`)) route.config = { ...route.config, access: 'public' };
  });
  const asyncApi = JSON.stringify(asyncApiDocument(VERSION));
  app.get(`${DOCS}/asyncapi.json`, { schema: { hide: true } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(asyncApi),
  );
  await app.register(swaggerUi, {
    routePrefix: DOCS,
    theme: { title: 'Live Diagnostics API' },
    uiConfig: { deepLinking: true, layout: 'BaseLayout', validatorUrl: null },
    staticCSP: {
      'default-src': "'none'",
      'connect-src': "'self'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'", 'data:'],
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    },
  });
}
