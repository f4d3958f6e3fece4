import { describe, expect, jest, test } from '@jest/globals';
import {
  FieldConfigProperty,
  PanelOptionsEditorBuilder,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  type PanelOptionsEditorItem,
  type SelectableValue,
} from '@grafana/data';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentType } from 'react';
import { PlacesEditor } from '../../../panels/topology/components/PlacesEditor.tsx';
import { plugin } from '../../../panels/topology/module.ts';
import { DEFAULT_OPTIONS, type TopologyOptions } from '../../../panels/topology/options.ts';
import { shopFrames } from './frames.ts';
import { ids } from './draw-panel.tsx';

// Grafana fills these when its page is loaded.
const named = (id: string) => ({ id, name: id, path: id, editor: () => null });
standardEditorsRegistry.setInit(() => ['text', 'select', 'boolean', 'radio'].map(named) as never);
standardFieldConfigEditorRegistry.setInit(() => Object.values(FieldConfigProperty).map(named) as never);

function items(): PanelOptionsEditorItem[] {
  const builder = new PanelOptionsEditorBuilder<TopologyOptions>();
  plugin.getPanelOptionsSupplier()(builder, { data: [] });
  return builder.getItems();
}

describe('the panel’s options', () => {
  test('are all those of the contract, with its defaults', () => {
    const defaults = Object.fromEntries(items().map(({ path, defaultValue }) => [path, defaultValue as unknown]));
    expect(defaults).toEqual(DEFAULT_OPTIONS);
  });

  test('offer to group by the texts that the frames have', async () => {
    const groupBy = items().find(({ path }) => path === 'groupBy');
    const { getOptions } = groupBy?.settings as { getOptions: (of: object) => Promise<SelectableValue<string>[]> };
    const values = (await getOptions({ data: shopFrames() })).map(({ value }) => value);
    expect(values).toEqual(['', 'subtitle', 'status', 'namespace', 'role', 'severity']);
    expect(await getOptions({ data: [] })).toHaveLength(1);
  });

  test('forget the places that nodes were dragged to', async () => {
    const onChange = jest.fn();
    const Editor = PlacesEditor as unknown as ComponentType<Record<string, unknown>>;
    const { rerender } = render(<Editor value={{ a: [1, 2], b: [3, 4] }} onChange={onChange} />);
    expect(screen.getByTestId(ids.resetPlaces).textContent).toBe('Reset places (2)');
    await userEvent.click(screen.getByTestId(ids.resetPlaces));
    expect(onChange).toHaveBeenCalledWith({});
    rerender(<Editor value={undefined} onChange={onChange} />);
    expect(screen.getByTestId<HTMLButtonElement>(ids.resetPlaces).disabled).toBe(true);
  });

  test('leave of the field options what has an effect', () => {
    const used = plugin.fieldConfigRegistry.list().map(({ id }) => id);
    expect(used.sort()).toEqual(['decimals', 'displayName', 'links', 'mappings', 'noValue', 'unit']);
  });
});
