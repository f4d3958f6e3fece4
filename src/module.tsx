import { lazy, Suspense } from 'react';
import { AppPlugin, type AppRootProps } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import { Configuration } from './app/Configuration.tsx';
import pluginJson from './plugin.json';

// The texts are English in the code; nothing is drawn before this has run.
void initPluginTranslations(pluginJson.id);

// Grafana loads this module with the page that it is first seen on: what it shows comes when it is opened.
const App = lazy(async () => ({ default: (await import('./app/App.tsx')).App }));

function Root(props: AppRootProps) {
  return (
    <Suspense fallback={<LoadingPlaceholder text="…" />}>
      <App {...props} />
    </Suspense>
  );
}

export const plugin = new AppPlugin().setRootPage(Root).addConfigPage({
  id: 'configuration',
  title: 'Configuration',
  icon: 'cog',
  body: Configuration,
});
