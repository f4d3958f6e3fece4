import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Icon, IconButton, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Refresh } from './use-refresh.ts';

interface RefreshProps {
  readonly refresh: Refresh;
}

/** Asks for a new snapshot now, as the protocol's get_snapshot does. */
export function RefreshButton({ refresh, isNamed }: RefreshProps & { readonly isNamed: boolean }) {
  const { current, run } = refresh;
  if (run === undefined) return null;
  const isBusy = current.state === 'busy';
  const name = isBusy
    ? t('diagnostics.refresh.busy', 'Reading topology and metrics…')
    : t('diagnostics.refresh.button', 'Read topology and metrics now');
  return (
    <Button
      size="sm"
      variant="secondary"
      fill={isNamed ? 'solid' : 'outline'}
      icon={isBusy ? 'spinner' : 'sync'}
      onClick={run}
      aria-disabled={isBusy}
      aria-busy={isBusy}
      aria-label={isNamed ? undefined : name}
      title={isNamed ? undefined : name}
      data-testid={TEST_IDS.diagnostics.refresh}
    >
      {isNamed ? name : undefined}
    </Button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  fault: css({
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
    color: theme.colors.error.text,
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
  text: css({ flex: 1 }),
});

/** Why the last refresh failed, until it is dismissed or tried again. */
export function RefreshFault({ refresh }: RefreshProps) {
  const styles = useStyles2(getStyles);
  const { current, dismiss } = refresh;
  if (current.state !== 'failed') return null;
  return (
    <div role="alert" className={styles.fault} data-testid={TEST_IDS.diagnostics.refreshFault}>
      <Icon name="exclamation-circle" />
      <span className={styles.text}>
        {t('diagnostics.refresh.failed', 'Not refreshed: {{reason}}', {
          reason: current.message,
          interpolation: { escapeValue: false },
        })}
      </span>
      <IconButton name="times" onClick={dismiss} tooltip={t('diagnostics.refresh.dismiss', 'Dismiss')} />
    </div>
  );
}
