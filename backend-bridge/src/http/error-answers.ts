import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BridgeError, type ErrorCode } from '../errors.ts';
import type { HttpDependencies } from './dependencies.ts';
import { refusalBody, refusalHeaders, toRefusal } from './refusals.ts';

/** Faults of ours that clients meet in the course of things; their cause is logged where it arises. */
const EXPECTED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'NOT_READY',
  'AUTH_UNAVAILABLE',
  'PROMETHEUS_AUTH_FAILED',
  'PROMETHEUS_UNREACHABLE',
  'PROMETHEUS_TIMEOUT',
  'PROMETHEUS_QUERY_FAILED',
  'PROMETHEUS_BAD_ANSWER',
  'PROMETHEUS_ANSWER_TOO_LARGE',
]);

interface SchemaFault {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params: { readonly missingProperty?: string; readonly allowedValues?: readonly string[] };
}

/** `limit must be <= 500; severity must be one of: low, medium`. */
function describeFaults(faults: readonly SchemaFault[]): string {
  const sentences = faults.map(({ instancePath, message, params }) => {
    const name = instancePath.slice(1) || params.missingProperty || 'request';
    const allowed = params.allowedValues;
    return `${name} ${allowed === undefined ? message : `must be one of: ${allowed.join(', ')}`}`;
  });
  return [...new Set(sentences)].join('; ');
}

export type ErrorAnswer = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** REST-9. Everything that goes wrong between request and answer comes out as one of the catalogue's codes. */
export function createErrorAnswer({ log }: Pick<HttpDependencies, 'log'>): ErrorAnswer {
  return (error, request, reply) => {
    const fault = toRefusal(error);
    const level = fault.status < 500 || EXPECTED.has(fault.code) ? 'debug' : 'error';
    const route = request.routeOptions.url ?? 'unmatched';
    log[level]({ event: 'http.refused', requestId: request.id, route, code: fault.code, err: fault });
    return reply.code(fault.status).headers(refusalHeaders(fault)).send(refusalBody(fault));
  };
}

export function registerErrorAnswers(app: FastifyInstance, answer: ErrorAnswer): void {
  app.setErrorHandler(answer);
  app.setNotFoundHandler((request, reply) =>
    answer(new BridgeError('NOT_FOUND', { detail: `no route ${request.method} here; see /docs` }), request, reply),
  );
  app.setSchemaErrorFormatter((faults) => new BridgeError('INVALID_REQUEST', { detail: describeFaults(faults) }));
}
