import { css } from '@emotion/css';
import { useCallback, useId } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { TabPart } from '../parts.ts';
import { tableOf, type Readings } from '../read-frames.ts';
import type { AnomalyLife } from '../anomaly-life.ts';
import type { ListView } from './list-view.ts';
import { TabBar, tabId } from './TabBar.tsx';
import { TabContent, type TabContentProps } from './TabContent.tsx';
import type { Views } from './use-views.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ display: 'flex', flexDirection: 'column', flex: '1 0 auto', gap: theme.spacing(0.75) }),
});

interface TabsProps extends Omit<TabContentProps, 'part' | 'view' | 'onView'> {
  readonly tabs: readonly TabPart[];
  readonly tab: TabPart;
  readonly onTab: (tab: TabPart) => void;
  readonly views: Views;
  readonly onView: (part: TabPart, view: ListView) => void;
}

/** Rows that ask to be looked at: of traffic the abnormal ones, of anomalies those that are open. */
function countRows(tab: TabPart, readings: Readings, life: AnomalyLife): number | null {
  if (readings[tab].state !== 'ready') return null;
  if (tab === 'anomalies') return life.open.size;
  if (tab !== 'traffic') return readings[tab].table.length;
  const abnormal = tableOf(readings.traffic)?.column('is_abnormal') ?? [];
  return abnormal.reduce<number>((count, value) => (value === true ? count + 1 : count), 0);
}

/** The lists, one at a time; one alone needs no tabs. */
export function Tabs({ tabs, tab, onTab, views, onView, ...content }: TabsProps) {
  const styles = useStyles2(getStyles);
  const panelId = useId();
  const { readings, life } = content;
  const setView = useCallback((view: ListView) => onView(tab, view), [onView, tab]);
  const list = <TabContent key={tab} {...content} part={tab} view={views[tab]} onView={setView} />;
  if (tabs.length === 1) return <div className={styles.panel}>{list}</div>;
  return (
    <>
      <TabBar
        tabs={tabs}
        active={tab}
        countOf={(one) => countRows(one, readings, life)}
        onChoose={onTab}
        panelId={panelId}
      />
      <div className={styles.panel} id={panelId} role="tabpanel" aria-labelledby={tabId(panelId, tab)}>
        {list}
      </div>
    </>
  );
}
