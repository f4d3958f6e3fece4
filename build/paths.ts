import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');
export const SOURCE = join(ROOT, 'src');
/** The plugin, ready to be put into Grafana's plugin folder. */
export const DIST = join(ROOT, 'dist');
/** What is handed on: the archive and its checksum. */
export const ARTIFACTS = join(ROOT, 'artifacts');
export const CACHE = join(ROOT, '.cache');
/** The page that the bridge serves, as it serves it. */
export const PREVIEW = join(ROOT, 'backend-bridge/public');
