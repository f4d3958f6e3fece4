import { useSyncExternalStore } from 'react';
import type { AppRootProps } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { LivePage } from './LivePage.tsx';
import { PAGES } from './links.ts';
import { knownSources } from './set-up/grafana.ts';
import { SetUpPage } from './set-up/SetUpPage.tsx';

const onLocation = (told: () => void): (() => void) => locationService.getHistory().listen(told);
const pathname = (): string => locationService.getLocation().pathname;

/** The live page once there is something to show, else how to get there. */
export function App({ meta }: AppRootProps) {
  const path = useSyncExternalStore(onLocation, pathname);
  const [source] = knownSources();
  if (source === undefined || path.endsWith(PAGES.setUp)) return <SetUpPage version={meta.info.version} />;
  return <LivePage source={source} />;
}
