import { beforeAll, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { BridgeError } from '../../src/errors.ts';
import { faults, references, resolve, type Document } from './documents.ts';
import { closeAfterEach, startHttp } from './start-http.ts';

interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  responses: Record<string, { description?: string; content?: Record<string, { schema: object }> }>;
}

const API = '/api/v1/live-diagnostics';
/** Pages for people and the documents themselves. */
const UNDOCUMENTED = /^(\/|\*|\/docs.*|\/api|\/api\/v1\/ws\/live-diagnostics)$/;
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

closeAfterEach();

async function read(app: FastifyInstance): Promise<Document & { paths: Record<string, Record<string, Operation>> }> {
  return (await app.inject('/docs/json')).json();
}

/** `METHOD /path` of every documented route, in the notation of OpenAPI, read from the tree that Fastify prints. */
function registeredRoutes(app: FastifyInstance): string[] {
  const prefixes: string[] = [];
  const lines = app.printRoutes({ commonPrefix: false }).split('\n');
  return lines.flatMap((line) => {
    const [, indent, segment, methods] = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (indent === undefined || segment === undefined) return [];
    const depth = indent.length / 4;
    const path = `${depth === 0 ? '' : prefixes[depth - 1]}${segment}`;
    prefixes[depth] = path;
    if (methods === undefined || UNDOCUMENTED.test(path)) return [];
    const name = path.replaceAll(/:(\w+)/g, '{$1}');
    return methods
      .split(', ')
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${name}`);
  });
}

describe('the OpenAPI document', () => {
  let document: Awaited<ReturnType<typeof read>>;
  let routes: string[];
  let operations: [string, string, Operation][];
  beforeAll(async () => {
    const { app } = await startHttp();
    document = await read(app);
    routes = registeredRoutes(app);
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, string, Operation] => [path, method, operation]),
    );
  });

  test('is OpenAPI 3.1 with a title and the version of the bridge', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Live Diagnostics', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
    expect(Object.keys(document).sort()).toEqual(['components', 'info', 'openapi', 'paths', 'tags']);
  });

  test('has every route that is served, and no other', () => {
    expect(routes.length).toBeGreaterThanOrEqual(12);
    expect(operations.map(([path, method]) => `${method.toUpperCase()} ${path}`).sort()).toEqual([...routes].sort());
  });

  test('describes each operation in full', () => {
    const tags = new Set((document['tags'] as { name: string }[]).map((tag) => tag.name));
    const ids = operations.map(([, , operation]) => operation.operationId);
    expect(new Set(ids).size).toBe(operations.length);
    for (const [path, method, operation] of operations) {
      expect(METHODS).toContain(method);
      expect(path).toMatch(/^\//);
      expect(operation.summary).toMatch(/\w/);
      for (const tag of operation.tags ?? ['none']) expect(tags).toContain(tag);
      expect(Object.keys(operation.responses)).toContain('200');
      for (const response of Object.values(operation.responses)) {
        expect(response.description).toMatch(/\w/);
        for (const media of Object.values(response.content ?? {})) expect(typeof media.schema).toBe('object');
      }
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name)).toEqual(inPath);
      expect(declared.every((parameter) => parameter.required)).toBe(true);
      for (const scheme of (operation.security ?? []).flatMap((choice) => Object.keys(choice))) {
        expect(resolve(document, `#/components/securitySchemes/${scheme}`)).toBeDefined();
      }
    }
  });

  test('SEC-6 says which routes need no token', () => {
    const open = operations.filter(([, , operation]) => operation.security === undefined).map(([path]) => path);
    expect(open.sort()).toEqual(['/healthz', '/readyz']);
  });

  test('has no reference into the void, and no named part that nobody uses', () => {
    const refs = references(document);
    expect(refs.filter(({ ref }) => resolve(document, ref) === undefined)).toEqual([]);
    const names = Object.keys((document['components'] as { schemas: object }).schemas);
    const used = new Set(refs.map(({ ref }) => ref));
    expect(names.filter((name) => !used.has(`#/components/schemas/${name}`))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['Snapshot', 'ServiceHealth', 'AnomalyAlert', 'ErrorResponse']));
  });
});

describe('what the routes answer is what the document says', () => {
  const RANGE = 'since=2026-01-01T00:00:00Z&until=2026-01-01T01:00:00Z';
  const REQUESTS = [
    ['GET', `${API}/snapshot`, `${API}/snapshot`],
    ['GET', `${API}/services/{id}/health`, `${API}/services/web/health`],
    ['GET', `${API}/anomalies`, `${API}/anomalies`],
    ['GET', `${API}/traffic-patterns`, `${API}/traffic-patterns`],
    ['GET', `${API}/failing-dependencies`, `${API}/failing-dependencies`],
    ['GET', `${API}/health`, `${API}/health`],
    ['GET', `${API}/events`, `${API}/events`],
    ['GET', `${API}/health-history`, `${API}/health-history?${RANGE}`],
    ['GET', `${API}/metrics/{metric}/range`, `${API}/metrics/request_rate/range?${RANGE}`],
    ['POST', `${API}/refresh`, `${API}/refresh`],
    ['GET', '/api/v1/ws/live-diagnostics/health', '/api/v1/ws/live-diagnostics/health'],
    ['GET', '/healthz', '/healthz'],
    ['GET', '/readyz', '/readyz'],
  ] as const;

  const pointer = (method: string, path: string, status: string): string =>
    `#/paths/${path.replaceAll('/', '~1')}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`;

  test.each(REQUESTS)('%s %s', async (method, path, url) => {
    const { app } = await startHttp();
    const document = await read(app);
    const answer = await app.inject({ method, url });
    expect(answer.statusCode).toBe(200);
    expect(faults(document, pointer(method, path, '200'), answer.json())).toEqual([]);
    // The schema is one that can be violated at all.
    expect(faults(document, pointer(method, path, '200'), 'something else')).not.toEqual([]);
  });

  test('refusals too', async () => {
    const { app, feed } = await startHttp();
    const document = await read(app);
    feed.fault = new BridgeError('NOT_READY');
    const unavailable = await app.inject(`${API}/snapshot`);
    expect(faults(document, pointer('GET', `${API}/snapshot`, '5XX'), unavailable.json())).toEqual([]);
    const invalid = await app.inject(`${API}/anomalies?limit=0`);
    expect(faults(document, pointer('GET', `${API}/anomalies`, '4XX'), invalid.json())).toEqual([]);
  });

  test('REST-1 a snapshot that breaks the contract is told apart', async () => {
    const { app, feed } = await startHttp();
    const document = await read(app);
    const at = pointer('GET', `${API}/snapshot`, '200');
    const [first, ...others] = feed.snapshot.services;
    const broken = { ...feed.snapshot, services: [{ ...first, health_score: 101 }, ...others] };
    expect(faults(document, at, broken)).toEqual([expect.stringContaining('/services/0/health_score')]);
    expect(faults(document, at, { ...feed.snapshot, dependencies: [['a']] })).not.toEqual([]);
  });
});
