import type { ScopedVars } from '@grafana/data';
import { locationService } from '@grafana/runtime';

/** The page's only variables: what is selected, which both panels share. */
const NAMES: ReadonlySet<string> = new Set(['service']);
const EXPRESSION = /\$(\w+)|\$\{(\w+)(?:\.[^:^}]+)?(?::([^}]+))?\}/g;

type Format = string | ((value: unknown, variable: { name: string }) => string);

function valueOf(name: string, scopedVars: ScopedVars | undefined): string | undefined {
  const scoped = scopedVars?.[name]?.value as string | number | boolean | undefined;
  if (scoped !== undefined) return String(scoped);
  return NAMES.has(name) ? (locationService.getSearch().get(`var-${name}`) ?? '') : undefined;
}

function formatted(name: string, value: string, format: Format | undefined): string {
  if (typeof format === 'function') return format(value, { name });
  if (format === 'queryparam') return `var-${name}=${encodeURIComponent(value)}`;
  if (format === 'percentencode') return encodeURIComponent(value);
  return value;
}

interface Expression {
  readonly name: string;
  readonly format: string | undefined;
}
const expressionOf = ([, plain, braced, format]: readonly (string | undefined)[]): Expression => ({
  name: plain ?? braced ?? '',
  format,
});

/** Puts in the values of variables, which the page's address holds as a dashboard's does; what is no variable stays. */
export const interpolate = (text = '', scopedVars?: ScopedVars, format?: unknown): string =>
  text.replace(EXPRESSION, (...match: readonly string[]) => {
    const { name, format: own } = expressionOf(match.slice(0, 4));
    const value = valueOf(name, scopedVars);
    return value === undefined ? match[0] : formatted(name, value, own ?? (format as Format | undefined));
  });

export const hasVariable = (text = ''): boolean =>
  [...text.matchAll(EXPRESSION)].some((match) => NAMES.has(expressionOf(match).name));
