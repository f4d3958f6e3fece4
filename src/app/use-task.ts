import { useCallback, useRef, useState } from 'react';
import { faultText } from '../ui/faults.ts';

export interface Task<T> {
  readonly state: 'idle' | 'running' | 'done' | 'failed';
  readonly value: T | undefined;
  /** Why it failed, in words. */
  readonly problem: string | undefined;
  /** Only the newest run counts. */
  readonly run: (work: () => Promise<T>, onDone?: (value: T) => void) => void;
}

/** Something that a person starts and that takes a while. */
export function useTask<T>(): Task<T> {
  const [outcome, setOutcome] = useState<Omit<Task<T>, 'run'>>({ state: 'idle', value: undefined, problem: undefined });
  const newest = useRef(0);
  const run = useCallback<Task<T>['run']>((work, onDone) => {
    const mine = (newest.current += 1);
    setOutcome(({ value }) => ({ state: 'running', value, problem: undefined }));
    work().then(
      (value) => {
        if (mine !== newest.current) return;
        setOutcome({ state: 'done', value, problem: undefined });
        onDone?.(value);
      },
      (error: unknown) => {
        if (mine === newest.current) setOutcome({ state: 'failed', value: undefined, problem: faultText(error) });
      },
    );
  }, []);
  return { ...outcome, run };
}
