import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { displayText } from '../format.ts';
import { lastKnown } from '../sparkline/geometry.ts';
import { Sparkline } from '../sparkline/Sparkline.tsx';
import { TEST_IDS } from '../test-ids.ts';
import type { AnomalyDetails, MetricNow } from './details.ts';
import { metricTitle } from './metric-name.ts';
import { PartState } from './PartState.tsx';
import type { Line } from './read-series.ts';
import { Section } from './Section.tsx';
import { getDetailStyles } from './styles.ts';
import type { Reading } from './use-reading.ts';

const SPARK_HEIGHT = 36;

interface MetricProps {
  readonly metric: MetricNow;
  readonly line: Line | undefined;
  readonly anomalies: readonly AnomalyDetails[];
}

function Metric({ metric: { name, field, value }, line, anomalies }: MetricProps) {
  const styles = useStyles2(getDetailStyles);
  const theme = useTheme2();
  const onsets = anomalies.flatMap(({ metric, sinceMs }) =>
    metric === name && sinceMs !== undefined ? [sinceMs] : [],
  );
  return (
    <li data-testid={TEST_IDS.drawer.metric(name)}>
      <div className={styles.spread}>
        <span>{metricTitle(name)}</span>
        <span className={styles.number}>{displayText(field, value, theme)}</span>
      </div>
      {line === undefined ? (
        <div style={{ height: SPARK_HEIGHT }} />
      ) : (
        <Sparkline
          times={line.times}
          values={line.values}
          band={line.band}
          onsets={onsets}
          label={metricTitle(name)}
          format={(shown) => displayText(line.field, shown, theme)}
          height={SPARK_HEIGHT}
        />
      )}
    </li>
  );
}

export interface MetricsProps {
  readonly metrics: readonly MetricNow[];
  readonly lines: Reading<ReadonlyMap<string, Line>>;
  readonly anomalies: readonly AnomalyDetails[];
}

/** Each metric as it is now and as it was, beside what was expected of it. Those that nobody measures are named at the end. */
export function Metrics({ metrics, lines, anomalies }: MetricsProps) {
  const styles = useStyles2(getDetailStyles);
  if (metrics.length === 0) return null;
  const known = lines.state === 'known' ? lines.value : new Map<string, Line>();
  const isMeasured = ({ name, value }: MetricNow): boolean =>
    value !== null || lastKnown(known.get(name)?.values ?? []) !== undefined;
  const measured = metrics.filter(isMeasured);
  const others = metrics.filter((metric) => !isMeasured(metric)).map(({ name }) => metricTitle(name));
  return (
    <Section title={t('ui.drawer.metrics', 'Metrics')} testId={TEST_IDS.drawer.metrics}>
      <ul className={styles.list}>
        {measured.map((metric) => (
          <Metric key={metric.name} metric={metric} line={known.get(metric.name)} anomalies={anomalies} />
        ))}
      </ul>
      <PartState reading={lines} />
      {others.length > 0 && lines.state !== 'loading' && (
        <div className={styles.secondary}>
          {t('ui.drawer.not-measured', 'No data: {{names}}', { names: others.join(', ') })}
        </div>
      )}
    </Section>
  );
}
