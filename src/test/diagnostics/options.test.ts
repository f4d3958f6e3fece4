import { describe, expect, test } from '@jest/globals';
import { PanelOptionsEditorBuilder, standardEditorsRegistry } from '@grafana/data';
import { plugin } from '../../panels/diagnostics/module.ts';
import { DEFAULT_OPTIONS, PARTS, type DiagnosticsOptions } from '../../panels/diagnostics/options.ts';
import { addOptions } from '../../panels/diagnostics/panel-options.ts';

// Grafana's own, of which none is drawn here.
standardEditorsRegistry.setInit(() =>
  ['multi-select', 'text'].map((id) => ({ id, name: id, editor: () => null }) as never),
);

describe('the options', () => {
  test('offer every part by name, and the variable of the selection', () => {
    const builder = new PanelOptionsEditorBuilder<DiagnosticsOptions>();
    addOptions(builder);
    const items = builder.getItems();
    expect(items.map(({ path }) => path)).toEqual(['parts', 'selectionVariable']);
    const { options } = items[0].settings as { options: { value: string; label: string }[] };
    expect(options.map(({ value }) => value)).toEqual(PARTS);
    expect(new Set(options.map(({ label }) => label)).size).toBe(PARTS.length);
    expect(items.map(({ defaultValue }) => defaultValue)).toEqual([
      DEFAULT_OPTIONS.parts,
      DEFAULT_OPTIONS.selectionVariable,
    ]);
  });

  test('of a new panel show the whole', () => {
    expect(plugin.defaults).toEqual(DEFAULT_OPTIONS);
  });
});
