import type { HistoryStore } from './history-store.ts';
import { createMemoryHistory } from './memory-history.ts';
import { createSqliteHistory } from './sqlite-history.ts';

/** HISTORY_FILE: the path of a SQLite file, or “memory”. Throws HISTORY_UNAVAILABLE. */
export const openHistory = (historyFile: string): HistoryStore =>
  historyFile === 'memory' ? createMemoryHistory() : createSqliteHistory(historyFile);
