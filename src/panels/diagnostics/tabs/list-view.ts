import type { Sort } from '../../../ui/table/column.ts';

/** What a person has set on one tab; it stays while another is looked at. */
export interface ListView {
  readonly search: string;
  /** Undefined: the tab's own, worst first. */
  readonly sort: Sort | undefined;
  /** Statuses, severities or other marks that alone are listed; empty: all. */
  readonly only: ReadonlySet<string>;
}

export const PLAIN_VIEW: ListView = { search: '', sort: undefined, only: new Set() };

export function toggled(view: ListView, value: string): ListView {
  const only = new Set(view.only);
  if (!only.delete(value)) only.add(value);
  return { ...view, only };
}
