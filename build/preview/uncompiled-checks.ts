import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';

/** What of typebox/compile is used, carried out by walking the schema instead of by code made from it. */
export const Compile = (schema: TSchema) => ({
  Check: (value: unknown): boolean => Check(schema, value),
  Errors: (value: unknown) => Errors(schema, value),
});
