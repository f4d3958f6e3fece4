import { useSyncExternalStore, type ReactNode } from 'react';
import { locationService } from '@grafana/runtime';
import { Router, type Navigator } from 'react-router-dom-v5-compat';

const subscribe = (listener: () => void): (() => void) => {
  const subscription = locationService.getLocationObservable().subscribe(listener);
  return () => subscription.unsubscribe();
};

/** Links of @grafana/ui stand in a router, whose address is the one that panels read their selection from. */
export function PageRouter({ children }: { readonly children: ReactNode }) {
  const location = useSyncExternalStore(subscribe, () => locationService.getLocation());
  const navigator = locationService.getHistory() as unknown as Navigator;
  return (
    <Router location={location} navigator={navigator}>
      {children}
    </Router>
  );
}
