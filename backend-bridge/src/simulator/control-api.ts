import { ResourceId, type ErrorResponse } from '@topdeck/protocol';
import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import Type, { type Static } from 'typebox';
import type { Clock } from '../clock.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import { EXPOSITION_CONTENT_TYPE, exposeMetrics } from './exposition.ts';
import { FAULTS, FAULT_KINDS } from './faults.ts';
import type { ActiveFault, LiveSystem } from './live-system.ts';

const FaultBody = Type.Object(
  {
    kind: Type.Enum([...FAULT_KINDS]),
    target: ResourceId,
    duration_s: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 604_800 })),
    magnitude: Type.Number({ minimum: 0, maximum: 1, default: 0.8 }),
  },
  { additionalProperties: false },
);

const MAX_BODY_BYTES = 16_384;
const MAX_FAULTS = 1_000;

export interface ControlApiOptions {
  readonly system: LiveSystem;
  readonly clock: Clock;
  /** Also expose the metrics of an OpenTelemetry service graph. */
  readonly serviceGraph: boolean;
  /** Further facts for /healthz. */
  readonly health: () => Readonly<Record<string, string>>;
  /** Told of faults that are ours and not the caller's. */
  readonly report: (fault: BridgeError) => void;
}

/** The simulator's HTTP side: what Prometheus scrapes, and how faults are started and ended. Not listening yet. */
export function createControlApi({ system, clock, serviceGraph, health, report }: ControlApiOptions): FastifyInstance {
  // Unknown keys are mistakes that the sender should hear of; Fastify would drop them.
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    ajv: { customOptions: { removeAdditional: false, allErrors: true } },
    schemaErrorFormatter: (faults) => new Error(faults.map(describeFault).join('; ')),
  });
  app.setErrorHandler<FastifyError | BridgeError>((error, _request, reply) => {
    const fault = asBridgeError(error);
    if (fault.status >= 500) report(fault);
    return reply.status(fault.status).send(errorBody(fault));
  });
  app.setNotFoundHandler((request, reply) => {
    const fault = new BridgeError('NOT_FOUND', { detail: `${request.method} ${request.url.slice(0, 200)}` });
    return reply.status(404).send(errorBody(fault));
  });

  app.get('/', () => ({
    metrics: 'GET /metrics',
    faults: 'GET /faults, POST /faults {kind, target, duration_s?, magnitude?}, DELETE /faults/{id}',
    kinds: Object.fromEntries(FAULT_KINDS.map((kind) => [kind, FAULTS[kind].summary])),
    topology: 'GET /topology',
    health: 'GET /healthz',
  }));
  app.get('/metrics', (_request, reply) =>
    reply.type(EXPOSITION_CONTENT_TYPE).send(exposeMetrics(system, { nowMs: clock.nowMs(), serviceGraph })),
  );
  app.get('/topology', () => ({
    resources: system.topology.resources,
    dependencies: system.topology.dependencies,
  }));
  app.get('/healthz', () => ({
    status: 'ok',
    resources: system.topology.resources.length,
    dependencies: system.topology.dependencies.length,
    ...health(),
  }));
  addFaultRoutes(app, system, clock);
  return app;
}

function addFaultRoutes(app: FastifyInstance, system: LiveSystem, clock: Clock): void {
  app.get('/faults', () => system.faults(clock.nowMs()).map(toJson));
  app.post<{ Body: Static<typeof FaultBody> }>('/faults', { schema: { body: FaultBody } }, (request, reply) => {
    const { kind, target, magnitude, duration_s: durationS } = request.body;
    if (!system.topology.indexOf.has(target)) {
      throw new BridgeError('NOT_FOUND', { detail: `target ${target}; GET /topology lists the resources` });
    }
    if (system.faults(clock.nowMs()).length >= MAX_FAULTS) {
      throw new BridgeError('INVALID_REQUEST', { detail: `${MAX_FAULTS} faults are at work; end some first` });
    }
    const durationMs = durationS === undefined ? undefined : durationS * 1000;
    const started = system.startFault({ kind, target, magnitude, durationMs }, clock.nowMs());
    return reply.status(201).header('location', `/faults/${started.fault.id}`).send(toJson(started));
  });
  app.delete<{ Params: { id: string } }>('/faults/:id', (request) => {
    const { id } = request.params;
    const ended = system.endFault(id, clock.nowMs());
    if (ended === undefined) throw new BridgeError('NOT_FOUND', { detail: `fault ${id}; GET /faults lists them` });
    return toJson(ended);
  });
}

function toJson({ fault, origin, strength }: ActiveFault): Readonly<Record<string, unknown>> {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    id: fault.id,
    kind: fault.kind,
    target: fault.target,
    magnitude: fault.magnitude,
    origin,
    strength,
    started_at: iso(fault.startMs),
    ...(fault.endMs === undefined ? {} : { ends_at: iso(fault.endMs) }),
  };
}

function describeFault({ instancePath, message, params }: FastifySchemaValidationError): string {
  const where = instancePath.slice(1).replaceAll('/', '.') || 'body';
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: string[] };
  if (additionalProperty !== undefined) return `${additionalProperty}: unknown key`;
  return `${where}: ${allowedValues === undefined ? message : `expected one of ${allowedValues.join(', ')}`}`;
}

function asBridgeError(error: FastifyError | BridgeError): BridgeError {
  if (error instanceof BridgeError) return error;
  if (error.statusCode === 413) return new BridgeError('PAYLOAD_TOO_LARGE', { cause: error });
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new BridgeError('INVALID_REQUEST', { detail: error.message, cause: error });
  }
  return toBridgeError(error);
}

const errorBody = (fault: BridgeError): ErrorResponse => ({
  code: fault.code,
  message: fault.message,
  action: fault.action,
  detail: fault.message,
});
