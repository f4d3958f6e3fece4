import { FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { LazyTopologyPanel } from './LazyTopologyPanel.tsx';
import { addOptions } from './panel-options.ts';
import type { TopologyOptions } from './options.ts';
import pluginJson from './plugin.json';

// Grafana loads the texts of its language; nothing is drawn before this has run.
void initPluginTranslations(pluginJson.id);

/** Colours and shares come with the frames; what people may change is how numbers read and where they lead to. */
const USED = new Set<string>([
  FieldConfigProperty.Unit,
  FieldConfigProperty.Decimals,
  FieldConfigProperty.DisplayName,
  FieldConfigProperty.NoValue,
  FieldConfigProperty.Mappings,
  FieldConfigProperty.Links,
]);

export const plugin = new PanelPlugin<TopologyOptions>(LazyTopologyPanel)
  .useFieldConfig({
    disableStandardOptions: Object.values(FieldConfigProperty).filter((property) => !USED.has(property)),
  })
  .setPanelOptions(addOptions);
