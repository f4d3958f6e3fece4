import { BridgeError } from '../errors.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) that an operator can do something about. */
const EXPLANATIONS: Readonly<Record<number, string>> = {
  5: 'another process holds it locked',
  8: 'it may not be written',
  10: 'the disk reports an error',
  11: 'it is damaged; move it away (nothing was deleted), `sqlite3 <file> .recover` may save what it holds',
  13: 'the disk is full',
  14: 'it cannot be opened or created',
  26: 'it is not a SQLite database; move it away or name another file',
};

function explain(cause: unknown): string {
  const { errcode, message } = cause as { errcode?: unknown; message?: unknown };
  // The low byte is the primary code, the rest refines it.
  const known = typeof errcode === 'number' ? EXPLANATIONS[errcode & 0xff] : undefined;
  return known ?? String(message);
}

/** Runs `action`; whatever it throws comes out as HISTORY_UNAVAILABLE that names the file and what is wrong with it. */
export function orUnavailable<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof BridgeError) throw cause;
    throw new BridgeError('HISTORY_UNAVAILABLE', { detail: `${path}: ${explain(cause)}`, cause });
  }
}
