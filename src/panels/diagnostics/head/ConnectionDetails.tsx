import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { durationText, NOTHING } from '../../../ui/format.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { BridgeDetails, ConnectionState, Hop, SourceReading } from '../connection-state.ts';
import { RefreshButton, RefreshFault } from './RefreshButton.tsx';
import type { Refresh } from './use-refresh.ts';
import { connectionWord, hopText } from './words.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({ maxWidth: 360, minWidth: 200 }),
  list: css({
    display: 'grid',
    gridTemplateColumns: 'auto 1fr',
    gap: theme.spacing(0.5, 1.5),
    margin: 0,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  term: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular }),
  value: css({ margin: 0, overflowWrap: 'anywhere' }),
  note: css({ margin: theme.spacing(1, 0), fontSize: theme.typography.bodySmall.fontSize }),
});

interface Entry {
  readonly id: string;
  readonly term: string;
  readonly value: ReactNode;
}

const age = (seconds: number | null): string => (seconds === null ? NOTHING : durationText(seconds));

function hopValue(hop: Hop, silentS: number, sinceS: number | null): string {
  const since = sinceS === null ? '' : t('diagnostics.connection.for', 'for {{time}}', { time: durationText(sinceS) });
  return [[connectionWord(hop.state), since].filter(Boolean).join(' '), hopText(hop, silentS)]
    .filter(Boolean)
    .join('. ');
}

function hopEntries({ browser, bridge, silentS, details }: Extract<ConnectionState, { known: true }>): Entry[] {
  const entries: Entry[] = [];
  if (browser) {
    entries.push({
      id: 'browser',
      term: t('diagnostics.connection.browser-hop', 'Browser – Grafana'),
      value: hopValue(browser, silentS, null),
    });
  }
  const term = browser
    ? t('diagnostics.connection.bridge-hop', 'Grafana – bridge')
    : t('diagnostics.connection.only-hop', 'Browser – bridge');
  return [...entries, { id: 'bridge', term, value: hopValue(bridge, silentS, details.sinceS) }];
}

const sourceValue = ({ source, state, error }: SourceReading): string =>
  [source === '' ? state : `${source}: ${state}`, error].filter(Boolean).join('. ');

function faultEntries(details: BridgeDetails, isDown: boolean): Entry[] {
  const entries: Entry[] = [];
  if (details.nextAttemptInS !== null) {
    const seconds = Math.ceil(details.nextAttemptInS);
    const attempts = details.failedAttempts;
    entries.push({
      id: 'next-attempt',
      term: t('diagnostics.connection.next-attempt', 'Next attempt'),
      value:
        seconds === 0
          ? t('diagnostics.connection.now', 'now; {{attempts}} failed', { attempts })
          : t('diagnostics.connection.in', 'in {{seconds}} s; {{attempts}} failed', { seconds, attempts }),
    });
  }
  if (details.lastError !== '') {
    const code = details.lastErrorCode === '' ? '' : ` (${details.lastErrorCode})`;
    entries.push({
      id: 'last-error',
      term: isDown ? t('diagnostics.connection.error', 'Error') : t('diagnostics.connection.last-error', 'Last error'),
      value: `${details.lastError}${code}`,
    });
  }
  if (isDown && details.action !== '') {
    entries.push({ id: 'action', term: t('diagnostics.connection.action', 'What to do'), value: details.action });
  }
  return entries;
}

function dataEntries(details: BridgeDetails): Entry[] {
  const { dataAgeS, snapshotAgeS, seq, epoch, reconnects, topology, metrics } = details;
  const entry = (id: string, term: string, value: ReactNode): Entry => ({ id, term, value });
  return [
    entry('data-age', t('diagnostics.connection.data-age', 'Age of metrics'), age(dataAgeS)),
    entry('snapshot-age', t('diagnostics.connection.snapshot-age', 'Age of diagnosis'), age(snapshotAgeS)),
    ...(topology ? [entry('topology', t('diagnostics.connection.topology', 'Topology'), sourceValue(topology))] : []),
    ...(metrics ? [entry('metrics', t('diagnostics.connection.metrics', 'Metrics'), sourceValue(metrics))] : []),
    entry('seq', t('diagnostics.connection.seq', 'Sequence number'), seq ?? NOTHING),
    entry('epoch', t('diagnostics.connection.epoch', 'Run of the bridge'), epoch === '' ? NOTHING : epoch),
    entry('reconnects', t('diagnostics.connection.reconnects', 'Reconnects'), reconnects),
  ];
}

interface ConnectionDetailsProps {
  readonly connection: ConnectionState;
  readonly refresh: Refresh;
  readonly absence: string;
}

/** Both hops and what has come over them. Numbers go on between two frames. */
export function ConnectionDetails({ connection, refresh, absence }: ConnectionDetailsProps) {
  const styles = useStyles2(getStyles);
  const isDown = connection.known && connection.bridge.state !== 'websocket';
  const entries = connection.known
    ? [...hopEntries(connection), ...faultEntries(connection.details, isDown), ...dataEntries(connection.details)]
    : [];
  return (
    <div className={styles.root} data-testid={TEST_IDS.diagnostics.connection}>
      {!connection.known && <p className={styles.note}>{absence}</p>}
      <dl className={styles.list}>
        {entries.map(({ id, term, value }) => (
          <div key={id} style={{ display: 'contents' }} data-testid={TEST_IDS.diagnostics.connectionEntry(id)}>
            <dt className={styles.term}>{term}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
      </dl>
      {connection.known && connection.details.isWarmingUp && <p className={styles.note}>{warmingUp()}</p>}
      <div className={styles.note}>
        <RefreshButton refresh={refresh} isNamed />
      </div>
      <RefreshFault refresh={refresh} />
    </div>
  );
}

export const warmingUp = (): string =>
  t('diagnostics.connection.warming-up', 'The bridge is still learning what is normal; anomalies may be missing.');
