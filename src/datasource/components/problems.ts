import { t } from '@grafana/i18n';

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

/** What is wrong with a number as typed; an empty text stands for the default and is right. */
export function numberProblem(text: string, { min, max, whole }: NumberRange): string | undefined {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  if (Number.isNaN(value)) return t('datasource.problems.number', 'This must be a number');
  if (whole && !Number.isInteger(value)) return t('datasource.problems.whole', 'This must be a whole number');
  if (value < min || value > max) {
    return t('datasource.problems.range', 'This must be from {{min}} to {{max}}', { min, max });
  }
  return undefined;
}

/** Variables are only known when the query runs, and RE2's own flags are left for it to judge. */
export function regexProblem(text: string): string | undefined {
  if (text.includes('$') || text.startsWith('(?')) return undefined;
  try {
    new RegExp(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : t('datasource.problems.regex', 'This is no regular expression');
  }
}
