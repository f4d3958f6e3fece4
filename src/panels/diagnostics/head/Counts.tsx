import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import type { Status } from '@topdeck/protocol';
import { statusText } from '../../../ui/status.ts';
import { StatusIcon } from '../../../ui/StatusIcon.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { WORST_FIRST, type StatusCounts } from '../health.ts';
import { PillToggle } from '../PillToggle.tsx';

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.75) }),
  count: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5), whiteSpace: 'nowrap' }),
  number: css({ fontVariantNumeric: 'tabular-nums', fontWeight: theme.typography.fontWeightMedium }),
});

interface CountsProps {
  readonly counts: StatusCounts;
  readonly chosen: ReadonlySet<string>;
  /** Absent where no list of services is shown. */
  readonly onToggle: ((status: Status) => void) | undefined;
  /** Leaves the words to those who do not see the shapes, and to a pointer that rests on them. */
  readonly isBrief: boolean;
}

/** How many services are in each status; a click lists them alone. */
export function Counts({ counts, chosen, onToggle, isBrief }: CountsProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.root} role="group" aria-label={t('diagnostics.counts.label', 'Services by status')}>
      {WORST_FIRST.map((status) => {
        const face = (
          <>
            <StatusIcon status={status} size={12} isNamed={false} />
            <span className={styles.number}>{counts[status]}</span>
            <span className={isBrief ? 'sr-only' : undefined}>{statusText(status)}</span>
          </>
        );
        const testId = TEST_IDS.diagnostics.count(status);
        return onToggle === undefined ? (
          <span key={status} className={styles.count} title={statusText(status)} data-testid={testId}>
            {face}
          </span>
        ) : (
          <PillToggle
            key={status}
            isOn={chosen.has(status)}
            onToggle={() => onToggle(status)}
            title={statusText(status)}
            testId={testId}
          >
            {face}
          </PillToggle>
        );
      })}
    </div>
  );
}
