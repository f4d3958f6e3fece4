/** Appends batches of a hundred events, each naming its batch, until somebody kills the process. */
import { createSqliteHistory } from '../../src/history/sqlite-history.ts';
import { healthChange, START_MS } from './events.ts';

const [path, run] = process.argv.slice(2) as [string, string];
const store = createSqliteHistory(path);
for (let batch = 0; ; batch++) {
  store.append(Array.from({ length: 100 }, () => healthChange(`${run}-${batch}`, START_MS + batch)));
  if (batch === 0) process.stdout.write('writing\n');
}
