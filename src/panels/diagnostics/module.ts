import { PanelPlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { LazyDiagnosticsPanel } from './LazyDiagnosticsPanel.tsx';
import type { DiagnosticsOptions } from './options.ts';
import { addOptions } from './panel-options.ts';
import pluginJson from './plugin.json';

// Grafana loads the texts of its language; nothing is drawn before this has run.
void initPluginTranslations(pluginJson.id);

export const plugin = new PanelPlugin<DiagnosticsOptions>(LazyDiagnosticsPanel).setPanelOptions(addOptions);
