import { useLayoutEffect, useRef } from 'react';
import type { ComboboxOption } from '@grafana/ui';

/**
 * Passes a choice on unless it is what is chosen already, and no choice as null. Grafana's Combobox tells a choice again
 * whenever it is drawn while a movement of the mouse still waits to be dealt with; where each choice draws it at once, as in
 * Explore, it would never end.
 */
export function useChoice<T extends string>(
  chosen: T | null,
  onChange: (value: T | null) => void,
): (option: ComboboxOption<T> | null) => void {
  const latest = useRef(chosen);
  // Before the Combobox's own effect, in which it tells: that one may hold a function of an earlier drawing.
  useLayoutEffect(() => {
    latest.current = chosen;
  });
  return (option) => {
    const value = option?.value ?? null;
    if (value !== latest.current) onChange(value);
  };
}
