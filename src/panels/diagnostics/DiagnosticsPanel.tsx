import { css } from '@emotion/css';
import { useCallback, useMemo, useState } from 'react';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { DetailDrawer } from '../../ui/detail/DetailDrawer.tsx';
import type { Subject } from '../../ui/detail/subject.ts';
import { useSelection } from '../../ui/selection.ts';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { useDiagnosticsSource } from '../../ui/use-source.ts';
import { Head } from './head/Head.tsx';
import { useRefresh } from './head/use-refresh.ts';
import { countStatuses } from './health.ts';
import { DEFAULT_OPTIONS, type DiagnosticsOptions } from './options.ts';
import { hasHead, shownParts } from './parts.ts';
import { anomalyLimit, problemsOf, queryStates } from './queries.ts';
import { FRAME_KINDS, tableOf } from './read-frames.ts';
import { Loading, Message } from './tabs/Message.tsx';
import type { Opening } from './tabs/tab.ts';
import { Tabs } from './tabs/Tabs.tsx';
import { useViews } from './tabs/use-views.ts';
import { useAnomalyLife } from './use-anomaly-life.ts';
import { useBridgeReading } from './use-bridge-reading.ts';
import { useLive } from './use-live.ts';
import { useReadings } from './use-readings.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  // The drawer lies over all of it, however far it is scrolled.
  root: css({ position: 'relative', overflow: 'hidden' }),
  parts: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    height: '100%',
    overflowX: 'hidden',
    overflowY: 'auto',
  }),
});

type Props = PanelProps<DiagnosticsOptions>;

/** The drawer lies over what was clicked, which is also what the dashboard's variable then holds. */
function useOpening(select: (id: string | undefined) => void) {
  const [subject, setSubject] = useState<Subject | undefined>();
  const open = useCallback(
    ({ id, subject: next }: Opening) => {
      select(id);
      setSubject(next);
    },
    [select],
  );
  const close = useCallback(() => setSubject(undefined), []);
  return { subject, open, close } as const;
}

export function DiagnosticsPanel({ data, width, height, options, timeRange, timeZone, replaceVariables }: Props) {
  const styles = useStyles2(getStyles);
  const { parts: saved, selectionVariable } = { ...DEFAULT_OPTIONS, ...options };
  const parts = useMemo(() => shownParts(saved), [saved]);
  const readings = useReadings(data.series);
  const states = useMemo(() => queryStates(data, readings), [data, readings]);
  const anomalies = tableOf(readings.anomalies);
  const life = useAnomalyLife(anomalies, anomalyLimit(data, anomalies?.frame.refId));
  const reading = useBridgeReading(tableOf(readings.connection));
  const services = tableOf(readings.services);
  const counts = useMemo(() => services && countStatuses(services), [services]);
  const live = useLive();
  const source = useDiagnosticsSource(data);
  const refresh = useRefresh(source);
  const [selectedId, select] = useSelection(selectionVariable, replaceVariables);
  const { subject, open, close } = useOpening(select);
  const { tab, setTab, views, setView, toggleStatus } = useViews(parts.tabs);
  const isHeaded = hasHead(parts);
  const inner = { width, height };
  const isAbsent = FRAME_KINDS.every((kind) => readings[kind].state === 'absent');
  const isWaiting = isAbsent && FRAME_KINDS.some((kind) => states[kind].state === 'loading');
  const chosen = views.services.only;
  if (!isHeaded && tab === undefined) {
    return <Message state="no parts" icon="eye-slash" text={noParts()} />;
  }
  return (
    <div className={styles.root} style={inner} data-testid={TEST_IDS.diagnostics.root}>
      <div className={styles.parts}>
        {isHeaded && (
          <Head
            {...{ parts, states, reading, live, counts, refresh, chosen, width, height }}
            problems={problemsOf(data)}
            onToggleStatus={parts.tabs.includes('services') ? toggleStatus : undefined}
          />
        )}
        {tab !== undefined && isWaiting && <Loading />}
        {tab !== undefined && !isWaiting && (
          <Tabs
            {...{ tab, readings, states, life, views, selectedId, width }}
            tabs={parts.tabs}
            onTab={setTab}
            onView={setView}
            onOpen={open}
            timeZone={timeZone}
            hasCounts={parts.counts && counts !== undefined}
          />
        )}
      </div>
      {subject && source && (
        <DetailDrawer
          {...{ subject, source, timeRange }}
          onClose={close}
          onSelect={(id) => open({ id, subject: { kind: 'service', id } })}
          panelWidth={width}
        />
      )}
    </div>
  );
}

const noParts = (): string => t('diagnostics.message.no-parts', 'Choose what to show in the options of this panel');
