import { t } from '@grafana/i18n';
import { Icon, Spinner, useStyles2 } from '@grafana/ui';
import { getDetailStyles } from './styles.ts';
import type { Reading } from './use-reading.ts';

/** Of a part that comes later than the rest, or not at all: what is there is shown beside it. */
export function PartState({ reading }: { readonly reading: Reading<unknown> }) {
  const styles = useStyles2(getDetailStyles);
  if (reading.state === 'loading') {
    return (
      <div className={styles.line} role="status">
        <Spinner inline /> {t('ui.drawer.reading', 'Reading…')}
      </div>
    );
  }
  const fault = reading.state === 'failed' ? reading.message : reading.fault;
  if (fault === undefined) return null;
  return (
    <div className={styles.spread} role="status">
      <Icon name="exclamation-triangle" />
      <span className={styles.breakable} style={{ flex: 1 }}>
        {t('ui.drawer.part-failed', 'Could not be read: {{message}}', { message: fault })}
      </span>
    </div>
  );
}
