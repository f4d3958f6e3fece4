import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Problem } from '../queries.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({
    display: 'flex',
    gap: theme.spacing(1),
    color: theme.colors.error.text,
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
});

/** In one line, what the tabs tell at length. */
export function problemsSummary(problems: readonly Problem[]): string {
  const first = problems[0].message;
  if (problems.every(({ isForbidden }) => isForbidden)) {
    return t('diagnostics.problems.forbidden', 'You may not see this data: {{message}}', {
      message: first,
      interpolation: { escapeValue: false },
    });
  }
  const refIds = problems.flatMap(({ refId }) => refId ?? []);
  if (refIds.length === 0) return first;
  return t('diagnostics.problems.queries', 'Failed queries: {{refIds}}. {{message}}', {
    refIds: refIds.join(', '),
    message: first,
    interpolation: { escapeValue: false },
  });
}

export function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  const styles = useStyles2(getStyles);
  if (problems.length === 0) return null;
  return (
    <div role="alert" className={styles.root} data-testid={TEST_IDS.diagnostics.problems}>
      <Icon name="exclamation-circle" />
      <span>{problemsSummary(problems)}</span>
    </div>
  );
}
