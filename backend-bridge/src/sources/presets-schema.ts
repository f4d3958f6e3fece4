import type { METRIC_SCOPES } from '@topdeck/protocol';
import { BAD_DIRECTIONS } from '@topdeck/protocol';
import Type, { type Static } from 'typebox';
import { COMBINE_RULES } from './metrics-well-known.ts';

/** A query a metric, and so many a collection; what Prometheus has to bear does not grow with the graph. */
export const MAX_METRICS = 12;

/** How the value of a label names a resource. */
export const ResourceMapping = Type.Object(
  {
    label: Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$', description: 'Label of the query’s result' }),
    match: Type.Optional(
      Type.Array(Type.Enum(['id', 'name']), {
        minItems: 1,
        description:
          'What the value is compared with, in this order; default [id, name]. A name of several is no match',
      }),
    ),
    patterns: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description:
          'Regular expressions for the whole value, each with one capture group; the first whose capture is a resource wins. Default: the value itself',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ResourceMapping = Static<typeof ResourceMapping>;

const common = {
  name: Type.String({ pattern: '^[a-z][a-z0-9_]*$', description: 'request_rate, error_rate, latency_p95 or another' }),
  query: Type.String({
    minLength: 1,
    description: 'PromQL, aggregated by the mapped labels; $window stands for PROMETHEUS_RATE_WINDOW',
  }),
  unit: Type.Optional(Type.String({ minLength: 1, description: 'Required unless the name is a well-known one' })),
  bad_direction: Type.Optional(
    Type.Enum([...BAD_DIRECTIONS], { description: 'Required unless the name is a well-known one' }),
  ),
  combine: Type.Optional(
    Type.Enum([...COMBINE_RULES], {
      description: 'How several series of one entity become one value. Required unless the name is a well-known one',
    }),
  ),
};

export const ServiceEntry = Type.Object(
  { ...common, scope: Type.Literal('service'), resource: ResourceMapping },
  { additionalProperties: false },
);
export const EdgeEntry = Type.Object(
  { ...common, scope: Type.Literal('edge'), source: ResourceMapping, target: ResourceMapping },
  { additionalProperties: false },
);
export type PresetEntry = Static<typeof ServiceEntry> | Static<typeof EdgeEntry>;

export const ENTRY_BY_SCOPE = { service: ServiceEntry, edge: EdgeEntry } as const satisfies Record<
  (typeof METRIC_SCOPES)[number],
  unknown
>;
