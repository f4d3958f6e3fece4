import { lazy, Suspense } from 'react';
import { AppPlugin, type AppRootProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import { Configuration } from './app/Configuration.tsx';

// Grafana loads this module with the page that it is first seen on: what it shows comes when it is opened.
const GettingStarted = lazy(async () => ({ default: (await import('./app/GettingStarted.tsx')).GettingStarted }));

function Root({ meta }: AppRootProps) {
  return (
    <Suspense fallback={<LoadingPlaceholder text="Loading…" />}>
      <GettingStarted version={meta.info.version} />
    </Suspense>
  );
}

export const plugin = new AppPlugin().setRootPage(Root).addConfigPage({
  id: 'configuration',
  title: 'Configuration',
  icon: 'cog',
  body: Configuration,
});
