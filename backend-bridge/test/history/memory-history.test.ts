import { expect, test } from '@jest/globals';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { healthChange, START_MS } from './events.ts';
import { at, healthStoreContract, healthy, record } from './health-store.contract.ts';
import { historyStoreContract } from './history-store.contract.ts';
import { incidentStoreContract } from './incident-store.contract.ts';

historyStoreContract('memory', createMemoryHistory);
healthStoreContract('memory', createMemoryHistory);
incidentStoreContract('memory', createMemoryHistory);

test('memory stays bounded: the oldest events go first', () => {
  const store = createMemoryHistory(10);
  for (let index = 0; index < 100; index++) store.append([healthChange(`s${index}`, START_MS + index)]);
  const kept = store.query({ limit: 1000 }).map((event) => event.resource_id);
  expect(kept).toEqual(['s99', 's98', 's97', 's96', 's95', 's94', 's93', 's92', 's91', 's90']);
});

test('memory stays bounded: the oldest samples of health go first, what is in force stays', () => {
  const store = createMemoryHistory(10, 100);
  store.append([], record(0, healthy('calm')));
  for (let second = 1; second <= 1000; second++) store.append([], record(second, healthy('busy', second % 100)));
  const range = { sinceMs: at(0), untilMs: at(2000), limit: 1000 };
  const kept = store.samples('busy', range).map(({ atMs }) => (atMs - START_MS) / 1000);
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(kept).toEqual(Array.from(kept, (_, k) => 1001 - kept.length + k));
  expect(store.samples('calm', range)).toMatchObject([{ atMs: at(0), score: 100 }]);
});
