import { useCallback, useEffect, useState } from 'react';
import { useClock, type Clock } from '../clock.ts';
import { faultText } from '../faults.ts';

export const REFETCH_MS = 10_000;

export type Reading<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string }
  /** `fault` tells why it could not be read again; the value is then as old as it is. */
  | { readonly state: 'known'; readonly value: Value; readonly fault: string | undefined };

export type Read<Value> = (signal: AbortSignal) => Promise<Value>;

interface RepeatParts<Value> {
  readonly read: Read<Value>;
  readonly clock: Clock;
  readonly onValue: (value: Value) => void;
  readonly onFault: (message: string) => void;
}

/** Reads now and a while after each end, as long as somebody can see the page. The returned function ends it. */
function repeat<Value>({ read, clock, onValue, onFault }: RepeatParts<Value>): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  let cancel = (): void => undefined;
  const whenSeen = (): void => {
    if (document.visibilityState !== 'hidden') void round();
    else document.addEventListener('visibilitychange', whenSeen, { once: true, signal });
  };
  const round = async (): Promise<void> => {
    try {
      const value = await read(signal);
      if (!signal.aborted) onValue(value);
    } catch (fault) {
      if (!signal.aborted) onFault(faultText(fault));
    }
    if (!signal.aborted) cancel = clock.schedule(REFETCH_MS, whenSeen);
  };
  void round();
  return () => {
    controller.abort();
    cancel();
  };
}

/**
 * What `read` gives, again and again. Another `read` ends the one before and shows its value until there is a new one, so
 * give the component another key where it reads of something else. Undefined: nothing to read yet.
 */
export function useReading<Value>(read: Read<Value> | undefined): {
  readonly reading: Reading<Value>;
  readonly retry: () => void;
} {
  const clock = useClock();
  const [reading, setReading] = useState<Reading<Value>>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (read === undefined) return undefined;
    return repeat({
      read,
      clock,
      onValue: (value) => setReading({ state: 'known', value, fault: undefined }),
      onFault: (message) =>
        setReading((last) => (last.state === 'known' ? { ...last, fault: message } : { state: 'failed', message })),
    });
  }, [read, clock, attempt]);
  const retry = useCallback(() => {
    setReading((last) => (last.state === 'failed' ? { state: 'loading' } : last));
    setAttempt((count) => count + 1);
  }, []);
  return { reading, retry };
}
