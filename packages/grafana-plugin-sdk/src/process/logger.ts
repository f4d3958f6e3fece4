export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/** Lines in the host's log. Fields named like the host's own (with an @) are left out. */
export interface Logger extends Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>> {
  /** A logger whose lines carry these fields too. */
  readonly with: (fields: LogFields) => Logger;
}

export interface LoggerOptions {
  /** Takes one line, its line feed included. */
  readonly write: (line: string) => void;
  readonly nowMs: () => number;
  readonly module: string;
  readonly level?: LogLevel;
  readonly fields?: LogFields;
}

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
/** The host reads lines of 64 KiB; of a longer one it would see pieces, no fields. */
const MAX_TEXT = 8_192;

const clip = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

function plain(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return clip(value);
    case 'number':
    case 'boolean':
      return value;
    case 'object': {
      if (value instanceof Error) return clip(value.stack ?? value.message);
      return value === null ? null : document(value);
    }
    default:
      return clip(String(value));
  }
}

/** A document that is small and can be written is passed on as it is. */
function document(value: object): unknown {
  try {
    const text = JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'bigint' ? String(member) : member,
    );
    return text.length > MAX_TEXT ? clip(text) : JSON.parse(text);
  } catch (error) {
    return `[not loggable: ${(error as Error).message}]`;
  }
}

/**
 * JSON as go-plugin's host parses it: it takes message, level and time for strings without looking (anything else ends
 * the host), and of the time it wants six digits of a second.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { write, nowMs, module, level: lowest = 'debug', fields: own = {} } = options;
  const line =
    (level: LogLevel) =>
    (message: unknown, fields: LogFields = {}): void => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(lowest)) return;
      const known = Object.entries({ ...own, ...fields }).filter(([key]) => !key.startsWith('@'));
      const entry = {
        '@level': level,
        // Callers in JavaScript may pass anything.
        '@message': clip(String(message)),
        '@module': module,
        '@timestamp': new Date(nowMs()).toISOString().replace('Z', '000Z'),
        ...Object.fromEntries(known.map(([key, value]) => [key, plain(value)])),
      };
      write(`${JSON.stringify(entry)}\n`);
    };
  return {
    trace: line('trace'),
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    with: (fields) => createLogger({ ...options, fields: { ...own, ...fields } }),
  };
}
