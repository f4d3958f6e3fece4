import { css } from '@emotion/css';
import type { GrafanaTheme2, QueryResultMetaNotice } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Problem } from '../queries.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: 0, maxHeight: 72, overflowY: 'auto', flexShrink: 0 }),
  item: css({
    display: 'flex',
    gap: theme.spacing(0.75),
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
  notice: css({ color: theme.colors.text.secondary }),
  warning: css({ color: theme.colors.warning.text }),
  error: css({ color: theme.colors.error.text }),
});

interface NoticesProps {
  readonly notices: readonly QueryResultMetaNotice[];
  /** Of a query whose earlier rows are still shown. */
  readonly errors: readonly Problem[];
}

/** What keeps the rows below from being all, or from being about now. */
export function Notices({ notices, errors }: NoticesProps) {
  const styles = useStyles2(getStyles);
  const texts = [...new Map(notices.map((notice) => [notice.text, notice])).values()];
  if (texts.length + errors.length === 0) return null;
  return (
    <ul
      className={styles.list}
      aria-label={t('diagnostics.notices.label', 'About this data')}
      tabIndex={0}
      data-testid={TEST_IDS.diagnostics.notices}
    >
      {errors.map(({ message }) => (
        <li key={message} className={styles.item}>
          <Icon name="exclamation-circle" size="sm" className={styles.error} />
          <span>
            {t('diagnostics.notices.old', 'Not up to date: {{message}}', {
              message,
              interpolation: { escapeValue: false },
            })}
          </span>
        </li>
      ))}
      {texts.map(({ text, severity }) => (
        <li key={text} className={styles.item}>
          <Icon
            name={severity === 'info' ? 'info-circle' : 'exclamation-triangle'}
            size="sm"
            className={severity === 'info' ? styles.notice : styles.warning}
          />
          <span className={styles.notice}>{text}</span>
        </li>
      ))}
    </ul>
  );
}
