import { useCallback } from 'react';
import type { ComboboxOption } from '@grafana/ui';
import type { VariableQuery } from '@topdeck/protocol/grafana';
import type { DataSource } from '../datasource.ts';

export type AsyncOptions = (input: string) => Promise<ComboboxOption[]>;

/**
 * Values from the executable that contain the text typed. A list that cannot be had is empty: what is wrong with the data
 * source shows when its query runs, and any value can be typed.
 */
export function useValueOptions(
  dataSource: DataSource,
  { kind, label }: Pick<VariableQuery, 'kind' | 'label'>,
): AsyncOptions {
  return useCallback(
    async (input) => {
      const values = await dataSource.variableValues({ kind, label }).catch(() => []);
      const sought = input.toLowerCase();
      return values
        .filter(({ text }) => text.toLowerCase().includes(sought))
        .map(({ text, value }) => ({ label: text, value }));
    },
    [dataSource, kind, label],
  );
}

export function useServiceOptions(dataSource: DataSource): AsyncOptions {
  return useCallback(
    async (input) => {
      const hits = await dataSource.search(input).catch(() => []);
      return hits.map(({ id, name, type, status }) => ({
        value: id,
        label: name,
        description: `${type} · ${status} · ${id}`,
      }));
    },
    [dataSource],
  );
}
