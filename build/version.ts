import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** What a build calls itself. */
export interface BuildInfo {
  readonly version: string;
  /** Of the sources, so that the same sources give the same archive: SOURCE_DATE_EPOCH, the last commit, or else today. */
  readonly date: Date;
}

function sourceDate(): Date {
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  if (epoch !== undefined && /^\d+$/.test(epoch)) return new Date(Number(epoch) * 1000);
  try {
    const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
    return new Date(Number(seconds) * 1000);
  } catch {
    return new Date(); // Sources without their history, as in an unpacked archive.
  }
}

export function readBuildInfo(): BuildInfo {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return { version, date: sourceDate() };
}

/** Fills the placeholders that Grafana prescribes for plugin.json. */
export const fillPlaceholders = (text: string, { version, date }: BuildInfo): string =>
  text.replaceAll('%VERSION%', version).replaceAll('%TODAY%', date.toISOString().slice(0, 10));
