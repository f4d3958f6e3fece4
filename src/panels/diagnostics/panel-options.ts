import type { PanelOptionsEditorBuilder } from '@grafana/data';
import { t } from '@grafana/i18n';
import { DEFAULT_OPTIONS, type DiagnosticsOptions, type Part } from './options.ts';
import { partChoices } from './parts.ts';

/** Grafana calls this when the editor is opened, which is when there are texts. */
export function addOptions(builder: PanelOptionsEditorBuilder<DiagnosticsOptions>): void {
  builder
    .addMultiSelect<Part, { options: { value: Part; label: string }[] }>({
      path: 'parts',
      name: t('diagnostics.options.parts', 'Parts'),
      description: t(
        'diagnostics.options.parts-description',
        'What is shown. One list alone has no tabs; the connection alone is a chip.',
      ),
      defaultValue: [...DEFAULT_OPTIONS.parts] as unknown as Part,
      settings: { options: partChoices() },
    })
    .addTextInput({
      path: 'selectionVariable',
      name: t('diagnostics.options.selection-variable', 'Variable of the selected service'),
      description: t(
        'diagnostics.options.selection-variable-description',
        'Name of a dashboard variable that takes the service that is clicked, and whose service is marked. Empty: none.',
      ),
      defaultValue: DEFAULT_OPTIONS.selectionVariable,
    });
}
