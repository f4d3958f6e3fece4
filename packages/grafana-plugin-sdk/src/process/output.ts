import { format, inspect } from 'node:util';
import { createLogger, type Logger, type LogLevel } from './logger.ts';

/** Calls back for each whole line; the host's log has no use for half of one. */
function lines(log: (line: string) => void): (chunk: string | Uint8Array) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part.trim() !== '') log(part);
  };
}

function redirect(stream: NodeJS.WriteStream, log: (line: string) => void): void {
  const take = lines(log);
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    take(chunk);
    const done = rest.findLast((argument) => typeof argument === 'function') as (() => void) | undefined;
    if (done !== undefined) queueMicrotask(done);
    return true;
  };
}

const CONSOLE: readonly (readonly [
  keyof Console & ('debug' | 'log' | 'info' | 'warn' | 'error' | 'trace'),
  LogLevel,
])[] = [
  ['trace', 'debug'],
  ['debug', 'debug'],
  ['log', 'info'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
];

export interface Output {
  readonly log: Logger;
  /** The one line that belongs on stdout. */
  readonly handshake: (line: string) => void;
}

/**
 * From here on, stdout carries the handshake and stderr nothing but log entries: the host takes the first line of stdout
 * for the handshake, and shows text on stderr without a level.
 */
export function takeOutput(options: { readonly module: string; readonly level?: LogLevel }): Output {
  const toStdout = process.stdout.write.bind(process.stdout);
  const toStderr = process.stderr.write.bind(process.stderr);
  const log = createLogger({ ...options, nowMs: () => Date.now(), write: (line) => toStderr(line) });
  // A host that went away has closed its end: there is nobody to tell, and the watch on the parent ends this process.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', () => undefined);
  redirect(process.stdout, (line) => log.info(line, { stream: 'stdout' }));
  redirect(process.stderr, (line) => log.warn(line, { stream: 'stderr' }));
  for (const [method, level] of CONSOLE) {
    globalThis.console[method] = (...values: unknown[]) => log[level](format(...values));
  }
  globalThis.console.dir = (value: unknown) => log.info(inspect(value));
  return { log, handshake: (line) => toStdout(`${line}\n`) };
}
