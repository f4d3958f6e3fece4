import { useLayoutEffect, useRef } from 'react';

/** The newest of a value for what runs later, so that the function that reads it need not be another each time. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
