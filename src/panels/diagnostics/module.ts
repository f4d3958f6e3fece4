import { PanelPlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { LazyDiagnosticsPanel } from './LazyDiagnosticsPanel.tsx';
import { loadResources } from './load-resources.ts';
import type { DiagnosticsOptions } from './options.ts';
import { addOptions } from './panel-options.ts';
import pluginJson from './plugin.json';

void initPluginTranslations(pluginJson.id, [loadResources]);

export const plugin = new PanelPlugin<DiagnosticsOptions>(LazyDiagnosticsPanel).setPanelOptions(addOptions);
