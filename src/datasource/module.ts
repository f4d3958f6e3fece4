import { DataSourcePlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { ConfigEditor } from './ConfigEditor.tsx';
import { DataSource } from './datasource.ts';
import { QueryEditor } from './QueryEditor.tsx';
import { QueryHelp } from './QueryHelp.tsx';
import pluginJson from './plugin.json';
import type { Options, Query, Secrets } from './types.ts';

// The texts are English in the code; nothing is drawn before this has run.
void initPluginTranslations(pluginJson.id);

export const plugin = new DataSourcePlugin<DataSource, Query, Options, Secrets>(DataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryHelp);
