import { useCallback, useState } from 'react';
import type { Status } from '@topdeck/protocol';
import { TAB_PARTS, type TabPart } from '../parts.ts';
import { PLAIN_VIEW, toggled, type ListView } from './list-view.ts';

export type Views = Readonly<Record<TabPart, ListView>>;

const PLAIN = Object.fromEntries(TAB_PARTS.map((part) => [part, PLAIN_VIEW])) as Views;

/** Which tab is looked at, and what is set on each. */
export function useViews(tabs: readonly TabPart[]) {
  const [wanted, setTab] = useState<TabPart>('services');
  const [views, setViews] = useState<Views>(PLAIN);
  const setView = useCallback((part: TabPart, view: ListView) => setViews((held) => ({ ...held, [part]: view })), []);
  const toggleStatus = useCallback((status: Status) => {
    setViews((held) => ({ ...held, services: toggled(held.services, status) }));
    setTab('services');
  }, []);
  const tab: TabPart | undefined = tabs.includes(wanted) ? wanted : tabs[0];
  return { tab, setTab, views, setView, toggleStatus } as const;
}
