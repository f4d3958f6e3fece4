import type { FastifySchema } from 'fastify';
import type { TSchema } from 'typebox';
import { ErrorResponse } from '@topdeck/protocol';

interface Documented {
  /** Name of the operation in generated clients. */
  readonly operationId: string;
  readonly summary: string;
  /** Body of a 200. */
  readonly answer: TSchema;
  readonly querystring?: TSchema;
  readonly params?: TSchema;
  readonly tag?: string;
}

/** What validates a request and documents its route; refusals are the same everywhere. */
export function routeSchema({ answer, tag = 'Diagnosis', ...rest }: Documented): FastifySchema {
  return { ...rest, tags: [tag], response: { 200: answer, '4xx': ErrorResponse, '5xx': ErrorResponse } };
}
