import type { DataQueryError } from '@grafana/data';
import { t } from '@grafana/i18n';

/** A request that failed as a whole tells it by `error` alone, which Grafana has deprecated and goes on using. */
export interface Failure {
  readonly errors?: DataQueryError[];
  readonly error?: DataQueryError;
}

/** What an answer says has failed; nothing where all went well. */
export function errorsOf({ errors, error }: Failure): readonly DataQueryError[] {
  if (errors !== undefined && errors.length > 0) return errors;
  return error === undefined ? [] : [error];
}

export const noAnswer = (): string => t('ui.source.no-answer', 'The data source did not answer.');

/** The server's words before all: `message` of a failed request can be no more than its status. */
const messageOf = ({ message, data, statusText }: DataQueryError): string =>
  data?.message || data?.error || message || statusText || noAnswer();

/** What a data source, or Grafana's server in front of it, throws or answers: an Error, or an answer with a body. */
export function faultText(fault: unknown): string {
  if (typeof fault === 'string') return fault;
  if (fault instanceof Error && fault.message !== '') return fault.message;
  return typeof fault === 'object' && fault !== null ? messageOf(fault) : noAnswer();
}
