import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { InterpolateFunction } from '@grafana/data';
import { locationService } from '@grafana/runtime';

const ALL = '$__all';

type Variable = { readonly exists: false } | { readonly exists: true; readonly value: string | undefined };

/** One value is a selection; several, all or none are not. */
const single = (values: readonly string[]): string | undefined =>
  values.length === 1 && values[0] !== '' && values[0] !== ALL ? values[0] : undefined;

function readVariable(name: string, replaceVariables: InterpolateFunction): Variable {
  if (name === '') return { exists: false };
  const expression = `\${${name}}`;
  let values: readonly string[] | undefined;
  const text = replaceVariables(expression, undefined, (value: unknown) => {
    values = [value].flat().map(String);
    return '';
  });
  if (values !== undefined) return { exists: true, value: single(values) };
  return text === expression ? { exists: false } : { exists: true, value: single([text]) };
}

const subscribe = (listener: () => void): (() => void) => {
  const subscription = locationService.getLocationObservable().subscribe(listener);
  return () => subscription.unsubscribe();
};

/**
 * What is selected, shared by the dashboard variable of that name: `[id, select]`. Where there is no such variable (or the
 * name is empty), the selection is the caller's own.
 */
export function useSelection(
  variable: string,
  replaceVariables: InterpolateFunction,
): readonly [string | undefined, (id: string | undefined) => void] {
  const [own, setOwn] = useState<string | undefined>();
  const key = `var-${variable}`;
  // The address changes before the dashboard has taken its variables from it, and a panel is not drawn again for that.
  const search = useSyncExternalStore(subscribe, () => locationService.getSearch().toString());
  const inAddress = useMemo(() => new URLSearchParams(search).getAll(key), [search, key]);
  const shared = readVariable(variable, replaceVariables);
  const select = useCallback(
    (id: string | undefined) => {
      // An empty text clears it; without the key the dashboard would leave the variable as it is.
      if (shared.exists) locationService.partial({ [key]: id ?? '' }, true);
      else setOwn(id);
    },
    [shared.exists, key],
  );
  if (!shared.exists) return [own, select];
  const isTold = inAddress.length === 1 && inAddress[0] !== ALL;
  return [isTold ? single(inAddress) : shared.value, select];
}
