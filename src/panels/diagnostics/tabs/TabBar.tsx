import { useRef, type KeyboardEvent } from 'react';
import { t } from '@grafana/i18n';
import { Tab, TabsBar } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { partName, type TabPart } from '../parts.ts';

/** Steps of the arrow keys among tabs, as ARIA's pattern has them. */
const STEPS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

interface TabBarProps {
  readonly tabs: readonly TabPart[];
  readonly active: TabPart;
  /** Null where it is not known. */
  readonly countOf: (tab: TabPart) => number | null;
  readonly onChoose: (tab: TabPart) => void;
  /** Of the element that shows the active tab. */
  readonly panelId: string;
}

export const tabId = (panelId: string, tab: TabPart): string => `${panelId}-${tab}`;

export function TabBar({ tabs, active, countOf, onChoose, panelId }: TabBarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const step = (event: KeyboardEvent): void => {
    if (!Object.hasOwn(STEPS, event.key)) return;
    event.preventDefault();
    const next = STEPS[event.key](tabs.indexOf(active), tabs.length);
    onChoose(tabs[next]);
    bar.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    // Keys are those of the tabs inside, which have the focus.
    <div ref={bar} onKeyDown={step} role="presentation">
      <TabsBar>
        {tabs.map((tab) => (
          <Tab
            key={tab}
            id={tabId(panelId, tab)}
            label={partName(tab)}
            counter={countOf(tab)}
            active={tab === active}
            onChangeTab={() => onChoose(tab)}
            aria-controls={tab === active ? panelId : undefined}
            title={tab === 'traffic' ? t('diagnostics.traffic.count', 'The number of abnormal edges') : undefined}
            data-testid={TEST_IDS.diagnostics.tab(tab)}
          />
        ))}
      </TabsBar>
    </div>
  );
}
