import { describe, expect, test } from '@jest/globals';
import { FakeClock } from './fake-clock.ts';
import { Mailbox } from '../src/mailbox.ts';

async function settled(promise: Promise<void>): Promise<boolean> {
  const never = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve().then(() => never)])) !== never;
}

describe('a stream’s mailbox', () => {
  test('does not wait before it was first emptied: a new stream sends at once', async () => {
    const mailbox = new Mailbox<number>(new FakeClock(), 5_000);
    await mailbox.wait();
    expect(mailbox.take()).toEqual([]);
  });

  test('hands over what came while its reader was busy, in order, once', async () => {
    const mailbox = new Mailbox<number>(new FakeClock(), 5_000);
    mailbox.take();
    mailbox.put(1);
    mailbox.put(2);
    await mailbox.wait();
    expect(mailbox.take()).toEqual([1, 2]);
    expect(mailbox.take()).toEqual([]);
  });

  test('wakes its reader as soon as something comes, and calls the timer off', async () => {
    const clock = new FakeClock();
    const mailbox = new Mailbox<number>(clock, 5_000);
    mailbox.take();
    const waiting = mailbox.wait();
    expect(await settled(waiting)).toBe(false);
    mailbox.wake();
    await waiting;
    expect(clock.scheduled).toBe(0);
  });

  test('wakes its reader after a quiet interval', async () => {
    const clock = new FakeClock();
    const mailbox = new Mailbox<number>(clock, 5_000);
    mailbox.take();
    const waiting = mailbox.wait();
    clock.advance(4_999);
    expect(await settled(waiting)).toBe(false);
    clock.advance(1);
    await waiting;
    expect(mailbox.take()).toEqual([]);
  });

  test('closing lets the reader go and leaves no timer', async () => {
    const clock = new FakeClock();
    const mailbox = new Mailbox<number>(clock, 5_000);
    mailbox.take();
    const waiting = mailbox.wait();
    mailbox.close();
    await waiting;
    expect(clock.scheduled).toBe(0);
  });
});
