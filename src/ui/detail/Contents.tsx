import { useEffect, useState } from 'react';
import type { TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, Button, Spinner, useStyles2 } from '@grafana/ui';
import type { DiagnosticsSource } from '../source.ts';
import { TEST_IDS } from '../test-ids.ts';
import { Anomalies } from './Anomalies.tsx';
import type { Details } from './details.ts';
import { EdgeHead, ServiceHead } from './Head.tsx';
import { ExploreLinks } from './ExploreLinks.tsx';
import { HealthStrip } from './HealthStrip.tsx';
import { Metrics } from './Metrics.tsx';
import { Neighbours } from './Neighbours.tsx';
import { PartState } from './PartState.tsx';
import { endsOf } from './queries.ts';
import { Section } from './Section.tsx';
import { getDetailStyles } from './styles.ts';
import type { Subject } from './subject.ts';
import { useDetails, type DetailReadings } from './use-details.ts';

export interface ContentsProps {
  readonly subject: Subject;
  readonly source: DiagnosticsSource;
  readonly timeRange: TimeRange;
  readonly onSelect: (id: string) => void;
  /** What the subject is called, as soon as that is known. */
  readonly onName: (name: string) => void;
}

function nameOf(subject: Subject, { services }: Details): string {
  return endsOf(subject)
    .map((id) => services.find((service) => service.id === id)?.name ?? id)
    .join(' → ');
}

function Health({ subject, history }: { readonly subject: Subject } & Pick<DetailReadings, 'history'>) {
  const lines = history.state === 'known' ? endsOf(subject).map((id) => history.value.get(id)) : [];
  const known = lines.filter((line) => line !== undefined);
  return (
    <Section title={t('ui.drawer.health', 'Health over time')} testId={TEST_IDS.drawer.health}>
      {known.map((line) => (
        <div key={line.field.name}>
          {subject.kind === 'edge' && line.field.labels?.['name']}
          <HealthStrip line={line} />
        </div>
      ))}
      {history.state === 'known' && known.length === 0 && t('ui.drawer.no-history', 'No history in this time range')}
      <PartState reading={history} />
    </Section>
  );
}

interface KnownProps extends Omit<ContentsProps, 'onName'> {
  readonly details: Details;
  readonly readings: DetailReadings;
}

function Gone({ subject }: { readonly subject: Subject }) {
  const styles = useStyles2(getDetailStyles);
  const title =
    subject.kind === 'service'
      ? t('ui.drawer.no-service', 'This service is not in the topology')
      : t('ui.drawer.no-edge', 'This dependency is not in the topology');
  return (
    <div className={styles.alert} data-testid={TEST_IDS.drawer.empty}>
      <Alert severity="info" title={title}>
        {t('ui.drawer.gone', 'It may have left, or never been there. It is looked for again every few seconds.')}
      </Alert>
    </div>
  );
}

function Known({ subject, source, timeRange, onSelect, details, readings }: KnownProps) {
  const styles = useStyles2(getDetailStyles);
  const { services, edge, anomalies, upstream, downstream, notices } = details;
  const own = subject.kind === 'service' ? services.find(({ id }) => id === subject.id) : undefined;
  if (own === undefined && edge === undefined) return <Gone subject={subject} />;
  const metrics = edge?.metrics ?? own?.metrics ?? [];
  const ends = endsOf(subject).flatMap((id) => services.filter((service) => service.id === id));
  return (
    <>
      <PartState reading={readings.state} />
      {notices.map(({ text }) => (
        <div key={text} className={styles.secondary} role="status">
          {text}
        </div>
      ))}
      {own && <ServiceHead service={own} />}
      {edge && <EdgeHead edge={edge} ends={ends} onSelect={onSelect} />}
      <Anomalies anomalies={anomalies} status={edge?.status ?? own?.status ?? 'unknown'} />
      <Health subject={subject} history={readings.history} />
      <Metrics
        metrics={metrics}
        lines={readings.lines}
        anomalies={anomalies.filter((anomaly) => isOn(anomaly, subject))}
      />
      {own && (
        <>
          <Neighbours
            title={t('ui.drawer.downstream', 'Depends on')}
            emptyText={t('ui.drawer.no-downstream', 'Nothing')}
            testId={TEST_IDS.drawer.downstream}
            neighbours={downstream}
            onSelect={onSelect}
          />
          <Neighbours
            title={t('ui.drawer.upstream', 'Used by')}
            emptyText={t('ui.drawer.no-upstream', 'Nobody')}
            testId={TEST_IDS.drawer.upstream}
            neighbours={upstream}
            onSelect={onSelect}
          />
        </>
      )}
      <ExploreLinks subject={subject} metrics={metrics.map(({ name }) => name)} uid={source.uid} range={timeRange} />
    </>
  );
}

/** An anomaly of the metrics that are drawn, and not of an edge's end or a service's edge. */
const isOn = ({ targetId, resourceId }: Details['anomalies'][number], subject: Subject): boolean =>
  subject.kind === 'service' ? targetId === undefined && resourceId === subject.id : targetId === subject.targetId;

/** Mounted anew for each subject, so that nothing of another one is left in it. */
export function Contents({ onName, ...props }: ContentsProps) {
  const { source, timeRange } = props;
  const styles = useStyles2(getDetailStyles);
  const [subject] = useState(props.subject);
  const readings = useDetails({ subject, source, timeRange });
  const { state, retry } = readings;
  const name = state.state === 'known' ? nameOf(subject, state.value) : undefined;
  useEffect(() => {
    if (name !== undefined) onName(name);
  }, [name]);
  if (state.state === 'loading') {
    return (
      <div role="status" data-testid={TEST_IDS.drawer.loading} className={styles.section}>
        <Spinner inline /> {t('ui.drawer.loading', 'Reading the details…')}
      </div>
    );
  }
  if (state.state === 'failed') {
    return (
      <div className={styles.alert} data-testid={TEST_IDS.drawer.error}>
        <Alert severity="error" title={t('ui.drawer.failed', 'The details could not be read')}>
          <p>{state.message}</p>
          <Button variant="secondary" size="sm" onClick={retry} data-testid={TEST_IDS.drawer.retry}>
            {t('ui.drawer.retry', 'Try again')}
          </Button>
        </Alert>
      </div>
    );
  }
  return <Known {...props} subject={subject} details={state.value} readings={readings} />;
}
