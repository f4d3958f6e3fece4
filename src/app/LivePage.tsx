import { css } from '@emotion/css';
import { useEffect } from 'react';
import type { DataSourceApi, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { getDataSourceSrv, PluginPage } from '@grafana/runtime';
import { Alert, LinkButton, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { PanelHost } from '../panels/hosting/PanelHost.tsx';
import { PANEL_NAMES } from '../panels/hosting/panels.tsx';
import type { Query } from '../panels/hosting/query.ts';
import { TEST_IDS } from '../ui/test-ids.ts';
import { PAGES } from './links.ts';
import type { KnownSource } from './set-up/grafana.ts';
import { useTask } from './use-task.ts';

const load = async (uid: string): Promise<DataSourceApi<Query>> =>
  (await getDataSourceSrv().get(uid)) as unknown as DataSourceApi<Query>;

/** The same panels as on dashboards, without a dashboard. */
export function LivePage({ source: { uid } }: { readonly source: KnownSource }) {
  const styles = useStyles2(getStyles);
  const { value: dataSource, problem, run } = useTask<DataSourceApi<Query>>();
  useEffect(() => run(() => load(uid)), [uid, run]);
  return (
    <PluginPage
      actions={
        <LinkButton href={PAGES.setUp} variant="secondary" icon="cog">
          {t('app.live.set-up', 'Set up')}
        </LinkButton>
      }
    >
      {problem !== undefined && (
        <Alert severity="error" title={t('app.live.failed', 'The data source could not be loaded')}>
          {problem}
        </Alert>
      )}
      <div className={styles.panels} data-testid={TEST_IDS.app.live}>
        {dataSource === undefined
          ? problem === undefined && <LoadingPlaceholder text={t('app.live.loading', 'Loading…')} />
          : PANEL_NAMES.map((name) => <PanelHost key={name} {...{ name, dataSource }} isAlone={false} />)}
      </div>
    </PluginPage>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panels: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gridAutoRows: 'max(75dvh, 480px)',
    gap: theme.spacing(1),
    [theme.breakpoints.up('xl')]: { gridTemplateColumns: 'minmax(440px, 2fr) minmax(0, 3fr)' },
  }),
});
