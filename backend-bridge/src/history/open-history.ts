import { createDetectorFile } from './detector-file.ts';
import type { DetectorStore, HistoryStore } from './history-store.ts';
import { createMemoryHistory } from './memory-history.ts';
import { createSqliteHistory } from './sqlite-history.ts';

/** HISTORY_FILE: the path of a SQLite file, or “memory”. Throws HISTORY_UNAVAILABLE. */
export const openHistory = (historyFile: string): HistoryStore =>
  historyFile === 'memory' ? createMemoryHistory() : createSqliteHistory(historyFile);

/** A file beside HISTORY_FILE; undefined where the history is in memory. */
export const openDetectorStore = (historyFile: string): DetectorStore | undefined =>
  historyFile === 'memory' ? undefined : createDetectorFile(`${historyFile}.detectors`);
