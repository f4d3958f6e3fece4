import { styleText } from 'node:util';

type Look = Parameters<typeof styleText>[0];
export const paint = (look: Look, text: string): string => styleText(look, text, { stream: process.stdout });

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Runs one step of a build and tells how long it took and, in the words of `note`, what came of it. */
export async function step<T>(name: string, run: () => Promise<T>, note: (result: T) => string): Promise<T> {
  console.log(paint('bold', `▶ ${name}`));
  const startMs = performance.now();
  const result = await run();
  console.log(paint('green', `✔ ${name}: ${note(result)} (${seconds(performance.now() - startMs)})`));
  return result;
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A fault that is told in one line, without a stack trace. */
export class BuildError extends Error {
  override name = 'BuildError';
}

/** Ends a program: what it could not do goes to stderr, and the process's exit code is 1. */
export async function main(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.error(paint('red', `✘ ${error instanceof BuildError ? error.message : String((error as Error).stack)}`));
    process.exitCode = 1;
  }
}
