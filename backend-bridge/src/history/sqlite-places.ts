import type { DatabaseSync } from 'node:sqlite';
import type { HistoryStore } from './history-store.ts';

interface PlaceRow {
  readonly resource_id: string;
  readonly x: number;
  readonly y: number;
  readonly has_left: number;
}

/** Places in one table. `keepPlaces` is to be called within a transaction. */
export function createSqlitePlaces(database: DatabaseSync): Pick<HistoryStore, 'places' | 'keepPlaces'> {
  const read = database.prepare('SELECT resource_id, x, y, has_left FROM place ORDER BY ordinal');
  const drop = database.prepare('DELETE FROM place');
  const insert = database.prepare('INSERT INTO place (ordinal, resource_id, x, y, has_left) VALUES (?, ?, ?, ?, ?)');
  return {
    places: () =>
      (read.all() as unknown as PlaceRow[]).map((row) => ({
        resourceId: row.resource_id,
        x: row.x,
        y: row.y,
        hasLeft: row.has_left === 1,
      })),
    keepPlaces: (places) => {
      drop.run();
      places.forEach(({ resourceId, x, y, hasLeft }, k) => insert.run(k, resourceId, x, y, Number(hasLeft)));
    },
  };
}
