import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { Age } from '../Age.tsx';
import { displayText } from '../format.ts';
import { StatusIcon } from '../StatusIcon.tsx';
import { StatusText } from '../StatusText.tsx';
import { TEST_IDS } from '../test-ids.ts';
import type { EdgeDetails, ServiceDetails } from './details.ts';
import { focusSheet } from './Sheet.tsx';
import { getDetailStyles } from './styles.ts';

function DataAge({ atMs }: { readonly atMs: number | undefined }) {
  const styles = useStyles2(getDetailStyles);
  if (atMs === undefined) return null;
  return (
    <span className={styles.secondary}>
      {t('ui.drawer.data-age', 'Data age')} <Age atMs={atMs} />
    </span>
  );
}

/** What the service is, and how it is now. */
export function ServiceHead({ service }: { readonly service: ServiceDetails }) {
  const styles = useStyles2(getDetailStyles);
  const theme = useTheme2();
  const { type, status, score, labels, updatedMs } = service;
  return (
    <div className={styles.section}>
      <div className={styles.line}>
        <span className={styles.status} data-testid={TEST_IDS.drawer.status}>
          <StatusText status={status} />
        </span>
        {score !== undefined && score.value !== null && (
          <span className={styles.number} data-testid={TEST_IDS.drawer.score}>
            {t('ui.drawer.score', 'Score {{value}}', { value: displayText(score.field, score.value, theme) })}
          </span>
        )}
        <DataAge atMs={updatedMs} />
      </div>
      {status === 'unknown' && (
        <div className={styles.secondary}>
          {t('ui.drawer.unknown', 'Nothing is known of its health: its metrics are missing or too old.')}
        </div>
      )}
      <ul
        className={styles.chips}
        aria-label={t('ui.drawer.labels', 'Type and labels')}
        data-testid={TEST_IDS.drawer.labels}
      >
        {type !== '' && <li className={styles.chip}>{type}</li>}
        {labels.map(([name, value]) => (
          <li key={name} className={styles.chip}>
            <span className={styles.secondary}>{name}</span> {value}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface EdgeHeadProps {
  readonly edge: EdgeDetails;
  readonly ends: readonly ServiceDetails[];
  readonly onSelect: (id: string) => void;
}

const trafficText = (isAbnormal: boolean | undefined): string => {
  if (isAbnormal === undefined) return t('ui.drawer.traffic-unknown', 'No traffic is known');
  return isAbnormal
    ? t('ui.drawer.traffic-abnormal', 'Abnormal traffic')
    : t('ui.drawer.traffic-normal', 'Normal traffic');
};

const TRENDS: Readonly<Record<string, () => string>> = {
  increasing: () => t('ui.drawer.trend-increasing', 'Increasing'),
  decreasing: () => t('ui.drawer.trend-decreasing', 'Decreasing'),
  stable: () => t('ui.drawer.trend-stable', 'Stable'),
};

/** How the edge is, and both ends of it to go to. */
export function EdgeHead({ edge, ends, onSelect }: EdgeHeadProps) {
  const styles = useStyles2(getDetailStyles);
  const { status, isAbnormal, trend = '', updatedMs } = edge;
  return (
    <div className={styles.section}>
      <div className={styles.line}>
        <span className={styles.status} data-testid={TEST_IDS.drawer.status}>
          <StatusText status={status} />
        </span>
        <span>{trafficText(isAbnormal)}</span>
        {Object.hasOwn(TRENDS, trend) && <span className={styles.secondary}>{TRENDS[trend]()}</span>}
        <DataAge atMs={updatedMs} />
      </div>
      <ul className={styles.list}>
        {ends.map((end) => (
          <li key={end.id}>
            <button
              type="button"
              className={styles.neighbour}
              onClick={({ currentTarget }) => {
                focusSheet(currentTarget);
                onSelect(end.id);
              }}
              data-testid={TEST_IDS.drawer.neighbour(end.id)}
            >
              <StatusIcon status={end.status} />
              <span className={styles.neighbourName}>{end.name}</span>
              <span className={styles.secondary}>{end.type}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
