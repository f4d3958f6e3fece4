import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import type { LabelMatcher, QueryFilter } from '@topdeck/protocol/grafana';
import type { Query } from '../types.ts';
import { compactFilter } from './wire-query.ts';

type Templates = Pick<TemplateSrv, 'replace' | 'getVariables'>;
/** Replaces variables in one place of a query. */
interface Scope {
  readonly templates: Templates;
  readonly scopedVars: ScopedVars;
}

const ALL = '$__all';
/** What stands for "all" in a variable that has its own value for it. */
const ANYTHING: ReadonlySet<string> = new Set([ALL, '.*', '.+', '*']);
/** Around and between the values of a variable; neither can be typed. */
const MARK = '\u0001';
const BETWEEN = '\u0002';
const ONE_VARIABLE = /^(?:\$(\w+)|\$\{(\w+)(?:[.:][^}]*)?\}|\[\[(\w+)(?::[^\]]*)?\]\])$/;

const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const plain = (text: string, { templates, scopedVars }: Scope): string => templates.replace(text, scopedVars);

/** Whether the text is a variable of which all values are chosen, so that it restricts nothing. */
function isAll(text: string, { templates, scopedVars }: Scope): boolean {
  if (ANYTHING.has(text)) return true;
  const match = ONE_VARIABLE.exec(text);
  const name = match?.slice(1).find((group) => group !== undefined);
  if (name === undefined) return false;
  const scoped: unknown = scopedVars[name]?.value;
  const variable = templates.getVariables().find((candidate) => candidate.name === name);
  const current = variable !== undefined && 'current' in variable ? variable.current : undefined;
  const value = scoped ?? (current as { value?: unknown } | undefined)?.value;
  return [value].flat().includes(ALL);
}

/** Every text that the values of the variables in it make. */
function expand(text: string, scope: Scope): readonly string[] {
  const marked = scope.templates.replace(text, scope.scopedVars, (value: string | string[]) =>
    [MARK, [value].flat().join(BETWEEN), MARK].join(''),
  );
  return marked
    .split(MARK)
    .map((part, index) => (index % 2 === 1 ? part.split(BETWEEN) : [part]))
    .reduce((texts, values) => texts.flatMap((start) => values.map((value) => start + value)), [''])
    .filter((value) => value !== '');
}

/** Alternatives, or undefined for no restriction. */
function list<T extends string>(items: readonly T[] | undefined, scope: Scope): T[] | undefined {
  if (items === undefined || items.some((item) => isAll(item, scope))) return undefined;
  const values = items.flatMap((item) => expand(item, scope));
  if (values.length === 0 || values.some((value) => ANYTHING.has(value))) return undefined;
  return [...new Set(values)] as T[];
}

/**
 * A variable of several values becomes an alternation of literal texts. A text typed into a single-valued variable stays as
 * it is, so that it can be an expression itself.
 */
function regex(text: string, { templates, scopedVars }: Scope): string {
  return templates.replace(
    text,
    scopedVars,
    (value: string | string[], variable?: { multi?: boolean; includeAll?: boolean }) => {
      if (Array.isArray(value))
        return value.length === 1 ? escapeRegex(value[0]) : `(${value.map(escapeRegex).join('|')})`;
      return variable?.multi === true || variable?.includeAll === true ? escapeRegex(value) : value;
    },
  );
}

function matcher({ key, op, value }: LabelMatcher, scope: Scope): LabelMatcher[] {
  const name = plain(key, scope);
  if (name === '' || isAll(value, scope)) return [];
  if (op === '=~' || op === '!~') return [{ key: name, op, value: regex(value, scope) }];
  const values = expand(value, scope);
  if (values.length <= 1) return [{ key: name, op, value: values[0] ?? '' }];
  return [{ key: name, op: op === '=' ? '=~' : '!~', value: `(${values.map(escapeRegex).join('|')})` }];
}

function around({ id, depth }: NonNullable<QueryFilter['around']>, scope: Scope): QueryFilter['around'] {
  if (isAll(id, scope)) return undefined;
  const [first = ''] = expand(id, scope);
  return first === '' || ANYTHING.has(first) ? undefined : { id: first, depth };
}

/** The filter with variables replaced. Of a variable that means "all", or nothing, no restriction remains. */
export function interpolateFilter(
  filter: QueryFilter | undefined,
  templates: Templates,
  scopedVars: ScopedVars,
): QueryFilter | undefined {
  if (filter === undefined) return undefined;
  const scope: Scope = { templates, scopedVars };
  return compactFilter({
    ...filter,
    ids: list(filter.ids, scope),
    types: list(filter.types, scope),
    statuses: list(filter.statuses, scope),
    severities: list(filter.severities, scope),
    name: filter.name === undefined || isAll(filter.name, scope) ? undefined : regex(filter.name, scope),
    labels: filter.labels?.flatMap((one) => matcher(one, scope)),
    around: filter.around && around(filter.around, scope),
  });
}

export function interpolateQuery(query: Query, templates: Templates, scopedVars: ScopedVars): Query {
  const { filter, value, metric, ...rest } = query;
  const replaced = {
    filter: interpolateFilter(filter, templates, scopedVars),
    value: value && templates.replace(value, scopedVars),
    metric: metric && templates.replace(metric, scopedVars),
  };
  return { ...rest, ...Object.fromEntries(Object.entries(replaced).filter(([, member]) => member !== undefined)) };
}
