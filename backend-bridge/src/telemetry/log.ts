import { pino, type Logger, type LoggerOptions } from 'pino';
import { serializeError } from './serialize-error.ts';

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

/** Faults go under `err`: log.warn({ event: 'neo4j.lost', err: error }). */
export const pinoOptions = (level: string): LoggerOptions => ({
  level,
  base: undefined,
  serializers: { err: (error: unknown) => serializeError(error, level === 'debug' || level === 'trace') },
});

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
