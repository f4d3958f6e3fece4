import { useCallback, useEffect, useRef, useState } from 'react';
import type { InterpolateFunction } from '@grafana/data';
import { useSelection } from '../../../ui/selection.ts';

/** What was clicked and is looked at closely. */
export type Opened =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'edge'; readonly id: string };

/**
 * The selected node, which other panels share, and what of the graph is open beside it. What is selected elsewhere is
 * marked; it is opened only where something already was.
 */
export function useSelected(variable: string, replaceVariables: InterpolateFunction) {
  const [selected, select] = useSelection(variable, replaceVariables);
  const [opened, setOpened] = useState<Opened | undefined>();
  const before = useRef(selected);
  useEffect(() => {
    if (before.current === selected) return;
    before.current = selected;
    setOpened((now) => {
      if (now?.kind !== 'node' || now.id === selected) return now;
      return selected === undefined ? undefined : { kind: 'node', id: selected };
    });
  }, [selected]);
  const open = useCallback(
    (next: Opened | undefined) => {
      setOpened(next);
      if (next?.kind !== 'group') select(next?.kind === 'node' ? next.id : undefined);
    },
    [select],
  );
  const close = useCallback(() => setOpened(undefined), []);
  return { selected, opened, open, close };
}
