import {
  CLIENT_MESSAGES,
  EVENT_TYPES,
  INCIDENT_EVENT_TYPES,
  ORIGINAL_EVENT_TYPES,
  SERVER_MESSAGES,
} from '@topdeck/protocol';
import type { TSchema } from 'typebox';
import { code, table } from './markdown.ts';

interface ObjectSchema {
  readonly description?: string;
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

const SENT_ENVELOPE = ['type', 'timestamp', 'epoch', 'seq'];
const TAKEN_ENVELOPE = ['type'];
/** The original protocol has all others. */
const EXTENDED: ReadonlySet<string> = new Set([
  'snapshot_delta',
  ...INCIDENT_EVENT_TYPES,
  ...EVENT_TYPES.filter((type) => !ORIGINAL_EVENT_TYPES.includes(type)),
]);

const shapes = (schemas: Readonly<Record<string, TSchema>>): [string, ObjectSchema][] =>
  Object.entries(schemas as unknown as Record<string, ObjectSchema>);

function fields({ properties, required = [] }: ObjectSchema, envelope: readonly string[]): string {
  const own = Object.keys(properties).filter((name) => !envelope.includes(name));
  return own.map((name) => code(required.includes(name) ? name : `${name}?`)).join(', ');
}

/** The two tables of docs/protocol.md: what the bridge sends and what it takes. */
export function messageTables(): string {
  const sent = shapes(SERVER_MESSAGES).map(([type, shape]) => {
    const stream = EXTENDED.has(type) ? 'extended' : 'both';
    return [code(type), fields(shape, SENT_ENVELOPE), shape.description ?? '', stream];
  });
  const taken = shapes(CLIENT_MESSAGES).map(([type, shape]) => [code(type), fields(shape, TAKEN_ENVELOPE)]);
  return [
    'From the bridge, besides `type` and `timestamp` (and `epoch` and `seq` in the extended stream); a `?` marks what may be absent:',
    table(['Type', 'Fields', 'When', 'Stream'], sent),
    'To the bridge, besides `type`:',
    table(['Type', 'Fields'], taken),
  ].join('\n\n');
}
