import { pino, type Logger, type LoggerOptions } from 'pino';
import { serializeError, type SerializedError } from './serialize-error.ts';

export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error'>;

export interface LogOptions {
  readonly level: string;
  /** Pretty lines are for a person at a terminal; JSON for machines. */
  readonly pretty: boolean;
}

const LEVEL_NAMES: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

function prettyLine(json: string): string {
  const { time, level, event, err, ...rest } = JSON.parse(json) as Record<string, unknown> & {
    event?: string;
    msg?: string;
    err?: { message?: string; causes?: string[] };
  };
  const details = Object.entries(rest)
    .filter(([key]) => !['pid', 'hostname', 'msg'].includes(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  if (err?.message !== undefined) details.push(`error=${[err.message, ...(err.causes ?? [])].join(' ← ')}`);
  const label = (LEVEL_NAMES[level as number] ?? String(level)).padEnd(5);
  return `${new Date(time as number).toISOString().slice(11, 19)} ${label} ${event ?? rest.msg ?? ''} ${details.join(' ')}\n`;
}

/** Credentials that a driver or an operator wrote into a URL: `https://user:password@host`. */
const URL_CREDENTIALS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"]+@/gi;

/** Faults go under `err`: log.warn({ event: 'neo4j.lost', err: error }). No line carries credentials (SEC-5). */
export function pinoOptions(level: string): LoggerOptions {
  const err = (error: unknown): SerializedError => serializeError(error, level === 'debug' || level === 'trace');
  return {
    level,
    base: undefined,
    serializers: { err, thrown: err },
    // Not `err`, of which pino would copy the message into `msg` a second time.
    errorKey: 'thrown',
    hooks: { streamWrite: (line) => line.replace(URL_CREDENTIALS, '$1[secret]@') },
  };
}

/**
 * Events have stable names in `event`: log.info({ event: 'neo4j.recovered', downS: 12 }).
 * Writes synchronously, so that the last line before an exit is never lost; per-tick detail belongs to debug.
 */
export function createLog(options: LogOptions): Logger {
  const destination = options.pretty
    ? { write: (json: string) => void process.stdout.write(prettyLine(json)) }
    : pino.destination({ fd: 1, sync: true });
  return pino(pinoOptions(options.level), destination);
}

/** For tests and callers that want silence. */
export const silentLog: Log = pino({ level: 'silent' });
