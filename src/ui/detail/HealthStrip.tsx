import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { displayText } from '../format.ts';
import { lastKnown } from '../sparkline/geometry.ts';
import { statusColor } from '../status.ts';
import { healthRuns, type HealthRun } from './health-runs.ts';
import type { Line } from './read-series.ts';

const HEIGHT = 32;
/** Hundredths of the height: what is not known is a line at the bottom, and a score of 0 is still seen. */
const LEAST = 8;

const getStyles = ({ colors, spacing, typography, shape }: GrafanaTheme2) => ({
  strip: css({
    display: 'block',
    width: '100%',
    height: HEIGHT,
    background: colors.background.secondary,
    borderRadius: shape.radius.default,
  }),
  ends: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: spacing(1),
    color: colors.text.secondary,
    fontSize: typography.bodySmall.fontSize,
  }),
});

function nameOf({ field, values }: Line, runs: readonly HealthRun[], text: (value: number) => string): string {
  const last = lastKnown(values);
  const known = values.filter((value) => value !== null);
  if (last === undefined || known.length === 0) {
    return t('ui.drawer.health-unknown', 'Health was not known in this time range');
  }
  const unknown = runs.filter(({ score }) => score === null).reduce((sum, { start, end }) => sum + end - start, 0);
  return t('ui.drawer.health-name', 'Health of {{name}}: last {{last}}, lowest {{lowest}}, unknown {{unknown}} %', {
    name: field.labels?.['name'] ?? '',
    last: text(last.value),
    lowest: text(Math.min(...known)),
    unknown: Math.round(unknown * 100),
  });
}

/** The score as height and its status as colour, over the time range. */
export function HealthStrip({ line }: { readonly line: Line }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { times, values, field } = line;
  const runs = healthRuns(times, values);
  if (runs.length === 0) return <div>{t('ui.drawer.no-history', 'No history in this time range')}</div>;
  return (
    <div>
      <svg
        className={styles.strip}
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={nameOf(line, runs, (value) => displayText(field, value, theme))}
      >
        {runs.map(({ status, score, start, end }) => {
          const height = Math.max(LEAST, score ?? 0);
          return (
            <rect
              key={start}
              x={start * 100}
              y={100 - height}
              width={(end - start) * 100}
              height={height}
              fill={statusColor(theme, status)}
            />
          );
        })}
      </svg>
      <div className={styles.ends} aria-hidden="true">
        <span>{dateTimeFormat(times[0])}</span>
        <span>{dateTimeFormat(times[times.length - 1])}</span>
      </div>
    </div>
  );
}
