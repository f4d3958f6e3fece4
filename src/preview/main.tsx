import './boot.ts';
import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import './page.css';
import { initPluginTranslations } from '@grafana/i18n';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { bringIcons } from './icon-files.tsx';
import { readBridgeFacts, readPageSettings } from './page-settings.ts';

const root = document.getElementById('root');
bringIcons(window.__grafana_public_path__ ?? '');
// The texts are English in the code.
await initPluginTranslations('topdeck-live-diagnostics-preview');
if (root !== null) {
  createRoot(root).render(
    <App settings={readPageSettings(window.location.search)} facts={readBridgeFacts(document)} />,
  );
}
