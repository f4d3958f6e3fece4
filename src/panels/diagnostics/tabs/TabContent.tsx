import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import { useStyles2 } from '@grafana/ui';
import type { GrafanaTheme2 } from '@grafana/data';
import type { AnomalyLife } from '../anomaly-life.ts';
import type { TabPart } from '../parts.ts';
import type { QueryStates } from '../queries.ts';
import { tableOf, type Readings } from '../read-frames.ts';
import { AnomaliesTab } from './AnomaliesTab.tsx';
import { EventsTab } from './EventsTab.tsx';
import { FailingTab } from './FailingTab.tsx';
import type { ListView } from './list-view.ts';
import { Absence } from './Message.tsx';
import { Notices } from './Notices.tsx';
import { ServicesTab } from './ServicesTab.tsx';
import type { Opening } from './tab.ts';
import { TrafficTab } from './TrafficTab.tsx';

export interface TabContentProps {
  readonly part: TabPart;
  readonly readings: Readings;
  readonly states: QueryStates;
  readonly life: AnomalyLife;
  readonly view: ListView;
  readonly onView: (view: ListView) => void;
  readonly onOpen: (opening: Opening) => void;
  readonly selectedId: string | undefined;
  readonly timeZone: string;
  readonly width: number;
  readonly hasCounts: boolean;
}

type Lists = { readonly [P in TabPart]: (props: TabContentProps) => ReactNode };

const LISTS: Lists = {
  services: ({ readings, ...props }) => {
    const table = tableOf(readings.services);
    return table && <ServicesTab table={table} {...props} />;
  },
  anomalies: ({ readings, ...props }) => {
    const table = tableOf(readings.anomalies);
    return table && <AnomaliesTab table={table} {...props} />;
  },
  traffic: ({ readings, ...props }) => {
    const table = tableOf(readings.traffic);
    return table && <TrafficTab table={table} {...props} />;
  },
  'failing-dependencies': ({ readings, ...props }) => {
    const table = tableOf(readings['failing-dependencies']);
    return table && <FailingTab table={table} {...props} />;
  },
  events: ({ readings, ...props }) => {
    const table = tableOf(readings.events);
    return table && <EventsTab table={table} {...props} />;
  },
};

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.75), flex: '1 0 auto' }),
});

/** The list of a tab and what is to be said about it, or why there is none. */
export function TabContent(props: TabContentProps) {
  const styles = useStyles2(getStyles);
  const { part, readings, states } = props;
  const query = states[part];
  const table = tableOf<TabPart>(readings[part]);
  if (table === undefined) return <Absence part={part} query={query} />;
  return (
    <div className={styles.root}>
      <Notices notices={table.notices} errors={query.errors} />
      {LISTS[part](props)}
    </div>
  );
}
