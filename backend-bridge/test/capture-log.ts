import { pino } from 'pino';
import { pinoOptions, type Log } from '../src/telemetry/log.ts';

/** A log at `level` with the service's own serialisers, and the lines it wrote so far. */
export function captureLog(level = 'trace'): { log: Log; text: () => string; events: () => Record<string, unknown>[] } {
  const lines: string[] = [];
  const log = pino(pinoOptions(level), { write: (line: string) => void lines.push(line) });
  return {
    log,
    text: () => lines.join(''),
    events: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
