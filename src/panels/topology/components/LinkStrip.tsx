import { css } from '@emotion/css';
import type { GrafanaTheme2, LinkModel } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { DataLinks } from './DataLinks.tsx';

const getStyles = (theme: GrafanaTheme2) => ({
  strip: css({ position: 'absolute', left: theme.spacing(1), bottom: theme.spacing(1), maxWidth: '45%' }),
});

/** Data links of what is selected, where the drawer beside them knows nothing of the panel's own settings. */
export function LinkStrip({ links }: { readonly links: readonly LinkModel[] }) {
  const styles = useStyles2(getStyles);
  if (links.length === 0) return null;
  return (
    <nav className={styles.strip} aria-label={t('topology.links.title', 'Links of the selection')}>
      <DataLinks links={links} />
    </nav>
  );
}
