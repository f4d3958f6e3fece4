/**
 * Compiled validators, apart from the schemas: compiling uses the Function constructor, which a strict content security
 * policy forbids in a browser. Only processes that take foreign input import this file.
 */
import { Compile } from 'typebox/compile';
import type { Static, TSchema } from 'typebox';
import {
  CLIENT_MESSAGES,
  SERVER_MESSAGES,
  type ClientMessage,
  type ClientMessageType,
  type ServerMessage,
  type ServerMessageType,
} from './messages.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: 'invalid-json' | 'unknown-type' | 'invalid'; readonly detail: string };

/** Validates once compiled; `detail` names the first few faults as `path: fault`. */
export function validator<S extends TSchema>(schema: S): (value: unknown) => Parsed<Static<S>> {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return { ok: true, value };
    const faults = compiled.Errors(value).slice(0, 3);
    const detail = faults.map((fault) => `${fault.instancePath || '/'}: ${fault.message}`).join('; ');
    return { ok: false, reason: 'invalid', detail };
  };
}

type Checks<K extends string> = Record<K, (value: unknown) => Parsed<unknown>>;
const compileAll = <K extends string>(schemas: Record<K, TSchema>): Checks<K> =>
  Object.fromEntries(Object.entries<TSchema>(schemas).map(([type, schema]) => [type, validator(schema)])) as Checks<K>;

const clientChecks = compileAll<ClientMessageType>(CLIENT_MESSAGES);
const serverChecks = compileAll<ServerMessageType>(SERVER_MESSAGES);

/** Without turning objects into text: one from outside may nest deeper than the stack or have a toString of its own. */
const typeName = (type: unknown): string =>
  typeof type === 'object' && type !== null ? 'object' : String(type).slice(0, 64);

function parse<T>(text: string, checks: Checks<string>): Parsed<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, reason: 'invalid-json', detail: (error as Error).message };
  }
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) {
    return { ok: false, reason: 'unknown-type', detail: typeName(type) };
  }
  return (checks[type] as (v: unknown) => Parsed<T>)(value);
}

export const parseClientMessage = (text: string): Parsed<ClientMessage> => parse(text, clientChecks);
export const parseServerMessage = (text: string): Parsed<ServerMessage> => parse(text, serverChecks);
