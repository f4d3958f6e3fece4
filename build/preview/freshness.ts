import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PREVIEW, ROOT } from '../paths.ts';

/** Whatever the page is made of; packages by the lock file. */
export const PREVIEW_SOURCES: readonly string[] = [
  'src/preview',
  'src/panels',
  'src/ui',
  'src/img',
  'packages/protocol/src',
  'packages/grafana-plugin-sdk/src',
  'backend-datasource/src',
  'build/preview',
  'build/scripts-rule.ts',
  'package-lock.json',
];

/** Of the file, or of the newest file or folder in the folder: one that was removed makes its folder newer. */
function changedMs(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const below = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return below.reduce((newest, name) => Math.max(newest, statSync(join(path, name)).mtimeMs), found.mtimeMs);
}

function builtMs(folder: string): number | undefined {
  return statSync(join(folder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs;
}

/** Whether the page was never built, or one of its sources has changed since. Takes a few milliseconds. */
export function isPreviewStale(root = ROOT, page = PREVIEW): boolean {
  const since = builtMs(page);
  return since === undefined || PREVIEW_SOURCES.some((source) => changedMs(join(root, source)) > since);
}
