import { useCallback, useEffect, useRef, useState } from 'react';
import { faultText } from '../../../ui/faults.ts';
import type { DiagnosticsSource } from '../../../ui/source.ts';

export type RefreshState =
  { readonly state: 'idle' } | { readonly state: 'busy' } | { readonly state: 'failed'; readonly message: string };

export interface Refresh {
  readonly current: RefreshState;
  /** Absent where there is nothing to refresh. */
  readonly run: (() => void) | undefined;
  readonly dismiss: () => void;
}

/** Reading topology and metrics anew, one at a time. */
export function useRefresh(source: DiagnosticsSource | undefined): Refresh {
  const [current, setCurrent] = useState<RefreshState>({ state: 'idle' });
  const asked = useRef<DiagnosticsSource | undefined>(undefined);
  useEffect(() => {
    // What another data source answers is not about this one; what comes after the end is nobody's.
    return () => {
      asked.current = undefined;
      setCurrent({ state: 'idle' });
    };
  }, [source]);
  const run = useCallback(() => {
    if (source === undefined || asked.current !== undefined) return;
    asked.current = source;
    setCurrent({ state: 'busy' });
    const end = (next: RefreshState): void => {
      if (asked.current !== source) return;
      asked.current = undefined;
      setCurrent(next);
    };
    source.refresh().then(
      () => end({ state: 'idle' }),
      (error: unknown) => end({ state: 'failed', message: faultText(error) }),
    );
  }, [source]);
  const dismiss = useCallback(() => setCurrent({ state: 'idle' }), []);
  return { current, run: source && run, dismiss };
}
