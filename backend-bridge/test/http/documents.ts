import Schema from 'typebox/schema';

export type Document = Record<string, unknown>;

/** Every `$ref` of a document, each with where it stands. */
export function references(value: unknown, at = '#'): { at: string; ref: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    key === '$ref' && typeof member === 'string'
      ? [{ at, ref: member }]
      : references(member, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

/** What a local JSON pointer (`#/a/b~1c`) names, or undefined. */
export function resolve(document: Document, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], document);
}

/** The faults of `value` against the schema that `pointer` names, its references resolved within the document. */
export function faults(document: Document, pointer: string, value: unknown): string[] {
  const [, errors] = Schema.Errors({ ...document, $ref: pointer }, value);
  return errors.map((fault) => `${fault.instancePath} ${fault.message}`);
}
