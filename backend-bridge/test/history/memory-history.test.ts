import { expect, test } from '@jest/globals';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { healthChange, START_MS } from './events.ts';
import { historyStoreContract } from './history-store.contract.ts';

historyStoreContract('memory', createMemoryHistory);

test('memory stays bounded: the oldest events go first', () => {
  const store = createMemoryHistory(10);
  for (let index = 0; index < 100; index++) store.append([healthChange(`s${index}`, START_MS + index)]);
  const kept = store.query({ limit: 1000 }).map((event) => event.resource_id);
  expect(kept).toEqual(['s99', 's98', 's97', 's96', 's95', 's94', 's93', 's92', 's91', 's90']);
});
