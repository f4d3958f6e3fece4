import { useRef } from 'react';

/** The object of before where the new one says the same, so that what is drawn of it is not drawn again. */
export function useKept<T>(value: T): T {
  const kept = useRef<{ readonly text: string; readonly value: T } | undefined>(undefined);
  const text = JSON.stringify(value) ?? '';
  if (kept.current?.text !== text) kept.current = { text, value };
  return kept.current.value;
}
