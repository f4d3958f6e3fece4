import { useCallback, useState } from 'react';

/** What is saved, until somebody sets something else here; and that, until something else is saved. */
export function useOverride<T>(saved: T): readonly [T, (value: T) => void] {
  const [own, setOwn] = useState<{ readonly over: T; readonly value: T } | undefined>();
  const set = useCallback((value: T) => setOwn({ over: saved, value }), [saved]);
  return [own !== undefined && Object.is(own.over, saved) ? own.value : saved, set];
}
