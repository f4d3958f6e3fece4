import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { Age } from '../Age.tsx';
import type { Health } from '../status.ts';
import { SeverityBadge } from '../SeverityBadge.tsx';
import { TEST_IDS } from '../test-ids.ts';
import type { AnomalyDetails } from './details.ts';
import { metricTitle } from './metric-name.ts';
import { Section } from './Section.tsx';
import { getDetailStyles } from './styles.ts';

function Anomaly({ anomaly }: { readonly anomaly: AnomalyDetails }) {
  const styles = useStyles2(getDetailStyles);
  const { severity, metric, sinceMs, message, causes } = anomaly;
  return (
    <li className={styles.card}>
      <div className={styles.line}>
        <SeverityBadge severity={severity} />
        <span>{metricTitle(metric)}</span>
        <span className={styles.secondary}>
          {t('ui.drawer.since', 'for')} <Age atMs={sinceMs} />
        </span>
      </div>
      <div>{message}</div>
      {causes !== undefined && (
        <div className={styles.secondary}>{t('ui.drawer.causes', 'Potential causes: {{causes}}', { causes })}</div>
      )}
    </li>
  );
}

export interface AnomaliesProps {
  readonly anomalies: readonly AnomalyDetails[];
  /** Of the subject. What is not known is not in order either. */
  readonly status: Health;
}

const noneText = (status: Health): string =>
  status === 'unknown'
    ? t('ui.drawer.anomalies-unknown', 'None is known, for there is no data to judge by.')
    : t('ui.drawer.no-anomalies', 'Nothing is out of the expected now.');

/** What is not as expected now, worst first. */
export function Anomalies({ anomalies, status }: AnomaliesProps) {
  const styles = useStyles2(getDetailStyles);
  return (
    <Section title={t('ui.drawer.anomalies', 'Anomalies')} testId={TEST_IDS.drawer.anomalies}>
      {anomalies.length === 0 ? (
        <div className={styles.secondary}>{noneText(status)}</div>
      ) : (
        <ul className={styles.list}>
          {anomalies.map((anomaly) => (
            <Anomaly key={anomaly.id} anomaly={anomaly} />
          ))}
        </ul>
      )}
    </Section>
  );
}
