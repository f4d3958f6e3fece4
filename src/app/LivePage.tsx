import { t } from '@grafana/i18n';
import { PluginPage } from '@grafana/runtime';
import { LinkButton } from '@grafana/ui';
import { PAGES } from './links.ts';
import type { KnownSource } from './set-up/grafana.ts';

/** The same panels as on dashboards, without a dashboard. */
export function LivePage({ source }: { readonly source: KnownSource }) {
  return (
    <PluginPage
      actions={
        <LinkButton href={PAGES.setUp} variant="secondary" icon="cog">
          {t('app.live.set-up', 'Set up')}
        </LinkButton>
      }
    >
      {source.name}
    </PluginPage>
  );
}
