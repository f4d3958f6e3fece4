import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
/** One JSON file a step, written by jest. */
export const RESULTS = join(ROOT, '.cache/test-results');
/** One JSON file a real component, written by its fixture once the component has answered. */
export const RECORDS = join(ROOT, '.cache/real-components');
/** Process id of the run that has the real components for itself. */
export const LOCK = join(ROOT, '.cache/test-run.pid');
