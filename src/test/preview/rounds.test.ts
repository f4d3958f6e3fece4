import { expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import { rounds } from '../../preview/rounds.ts';

const settle = (): Promise<void> => new Promise((later) => setTimeout(later, 0));

/** Rounds that end when the test says so. */
function byHand() {
  const due = new Subject<void>();
  const open: { signal: AbortSignal; end: (value: string) => void; fail: (error: Error) => void }[] = [];
  const seen: string[] = [];
  const errors: unknown[] = [];
  const subscription = rounds(due, (signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    open.push({ signal, end: resolve, fail: reject });
    return promise;
  }).subscribe({ next: (value) => seen.push(value), error: (error: unknown) => errors.push(error) });
  return { due, open, seen, errors, subscription };
}

test('the first round begins at once, and what comes during it leads to one more', async () => {
  const { due, open, seen } = byHand();
  expect(open).toHaveLength(1);
  due.next();
  due.next();
  due.next();
  expect(open).toHaveLength(1);
  open[0].end('a');
  await settle();
  expect(open).toHaveLength(2);
  open[1].end('b');
  await settle();
  expect([open.length, seen]).toEqual([2, ['a', 'b']]);
});

test('who leaves ends the round that runs, and hears nothing of it', async () => {
  const { due, open, seen, errors, subscription } = byHand();
  subscription.unsubscribe();
  expect(open[0].signal.aborted).toBe(true);
  open[0].fail(new Error('aborted'));
  due.next();
  await settle();
  expect([open.length, seen, errors]).toEqual([1, [], []]);
});

test('a round that fails ends it', async () => {
  const { due, open, errors } = byHand();
  due.next();
  open[0].fail(new Error('broken'));
  await settle();
  expect(errors).toEqual([new Error('broken')]);
  expect(open).toHaveLength(1);
});
