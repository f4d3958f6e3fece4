import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import type { OverallHealth } from '@topdeck/protocol';
import { statusColor, statusText } from '../../../ui/status.ts';
import { StatusIcon } from '../../../ui/StatusIcon.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { StatusCounts } from '../health.ts';
import { warmingUp } from './ConnectionDetails.tsx';
import { countsText } from './words.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1.5), minWidth: 0 }),
  word: css({
    fontSize: theme.typography.h4.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    lineHeight: 1.2,
  }),
  meaning: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});

interface OverallProps {
  /** Undefined: no query tells. */
  readonly health: OverallHealth | undefined;
  readonly counts: StatusCounts | undefined;
  readonly isWarmingUp: boolean;
  /** Why no query tells, where none does. */
  readonly absence: string;
}

/** The health of all services together: a shape, a word, and what it stands for. */
export function Overall({ health, counts, isWarmingUp, absence }: OverallProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const shown = health ?? 'unknown';
  const meaning = health === undefined ? absence : counts && countsText(counts);
  return (
    <div className={styles.root} role="status" data-testid={TEST_IDS.diagnostics.overall} data-health={shown}>
      <StatusIcon status={shown} size={32} isNamed={false} />
      <div>
        <div className={styles.word} style={{ color: statusColor(theme, shown) }}>
          {statusText(shown)}
        </div>
        {meaning !== undefined && <div className={styles.meaning}>{meaning}</div>}
        {isWarmingUp && (
          <div className={styles.meaning} title={warmingUp()}>
            <Icon name="info-circle" size="sm" /> {t('diagnostics.overall.warming-up', 'Still learning what is normal')}
          </div>
        )}
      </div>
    </div>
  );
}
