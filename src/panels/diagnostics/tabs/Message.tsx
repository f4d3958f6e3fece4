import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { partName, type TabPart } from '../parts.ts';
import type { QueryState } from '../queries.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({
    display: 'flex',
    flex: 1,
    minHeight: 0,
    overflow: 'auto',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(1),
    textAlign: 'center',
    overflowWrap: 'anywhere',
  }),
  detail: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});

interface MessageProps {
  readonly icon: IconName;
  readonly text: string;
  readonly detail?: string;
  readonly state: string;
}

/** In place of what there is none of. */
export function Message({ icon, text, detail, state }: MessageProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.root} data-testid={TEST_IDS.diagnostics.message} data-state={state}>
      <Icon name={icon} size="lg" />
      <div>{text}</div>
      {detail !== undefined && <div className={styles.detail}>{detail}</div>}
    </div>
  );
}

export function Loading() {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.root} data-testid={TEST_IDS.diagnostics.message} data-state="loading" aria-busy="true">
      <LoadingPlaceholder text={t('diagnostics.message.loading', 'Waiting for the first data…')} />
    </div>
  );
}

interface AbsenceProps {
  readonly part: TabPart;
  readonly query: QueryState;
}

/** Why a tab has no rows to list, and what to do about it. */
export function Absence({ part, query: { state, errors } }: AbsenceProps) {
  const type = partName(part);
  switch (state) {
    case 'ready':
      return null;
    case 'loading':
      return <Loading />;
    case 'failed': {
      const isForbidden = errors.some((error) => error.isForbidden);
      return (
        <Message
          state={isForbidden ? 'forbidden' : 'failed'}
          icon={isForbidden ? 'lock' : 'exclamation-circle'}
          text={
            isForbidden
              ? t('diagnostics.message.forbidden', 'You may not see this data')
              : t('diagnostics.message.failed', 'The query failed')
          }
          detail={errors[0].message}
        />
      );
    }
    case 'unreadable':
      return (
        <Message
          state={state}
          icon="question-circle"
          text={t('diagnostics.message.unreadable', 'The query {{type}} gives no table: set its format to Table', {
            type,
          })}
        />
      );
    case 'unanswered':
      return (
        <Message
          state={state}
          icon="question-circle"
          text={t('diagnostics.message.unanswered', 'The query {{type}} was not answered', { type })}
        />
      );
    case 'not asked':
      return (
        <Message
          state={state}
          icon="plus-circle"
          text={t('diagnostics.message.not-asked', 'Add a query of the type {{type}} to see this list', { type })}
          detail={t(
            'diagnostics.message.not-asked-detail',
            'Edit the panel, choose a data source of the type Live Diagnostics and add the query.',
          )}
        />
      );
  }
}
