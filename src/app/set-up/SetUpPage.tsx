import { useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t, Trans } from '@grafana/i18n';
import { hasPermission, PluginPage } from '@grafana/runtime';
import { Alert, Stack, Text, TextLink, useStyles2 } from '@grafana/ui';
import { PAGES } from '../links.ts';
import { Step } from '../Step.tsx';
import { BoardsStep } from './BoardsStep.tsx';
import { CheckStep } from './CheckStep.tsx';
import { ConnectionStep } from './ConnectionStep.tsx';
import { knownSources } from './grafana.ts';
import { RulesStep } from './RulesStep.tsx';

interface Props {
  readonly version: string;
}

function WhenDataStaysAway() {
  const styles = useStyles2(getStyles);
  return (
    <section>
      <Text element="h2" variant="h3">
        {t('app.set-up.away', 'When data stays away')}
      </Text>
      <ul className={styles.list}>
        <li>
          {t(
            'app.set-up.away-unknown',
            'No data is unknown, never healthy. An alert rule on a value that nobody reports goes to No data.',
          )}
        </li>
        <li>
          {t(
            'app.set-up.away-check',
            'The check above, and Save & test in the data source, name the hop that is silent: Grafana, the bridge, its authorisation, Neo4j, Prometheus.',
          )}
        </li>
        <li>
          {t(
            'app.set-up.away-connection',
            'The query Connection has the state of the stream and the age of the data, so that silence itself can alert.',
          )}
        </li>
      </ul>
    </section>
  );
}

/** From nothing to live panels and alert rules. What the reader may not do is said, not hidden. */
export function SetUpPage({ version }: Props) {
  const [uid, setUid] = useState<string | undefined>(() => knownSources()[0]?.uid);
  const mayCreate = hasPermission('datasources:create');
  return (
    <PluginPage
      subTitle={t('app.set-up.subtitle', 'From a service graph and its metrics to live panels and alert rules')}
    >
      <Stack direction="column" gap={3}>
        <Text element="p">
          {t(
            'app.set-up.what',
            'A service of your own, the bridge, reads the dependency graph from Neo4j and metrics from Prometheus and tells which services are healthy, what is unusual and what it follows from. Grafana’s server must reach it; browsers need not. It listens on port 8000 and shows a demo system until it is told of yours.',
          )}
        </Text>
        {!mayCreate && (
          <Alert severity="info" title={t('app.set-up.no-permission', 'You may look, but not set up')}>
            {t(
              'app.set-up.no-permission-text',
              'Adding data sources, dashboards and alert rules needs the role Admin. Ask an administrator to open this page.',
            )}
          </Alert>
        )}
        <ConnectionStep uid={uid} onSaved={setUid} mayCreate={mayCreate} />
        <CheckStep uid={uid} />
        <BoardsStep isReady={uid !== undefined && hasPermission('dashboards:create')} />
        <RulesStep uid={hasPermission('alert.provisioning:write') || mayCreate ? uid : undefined} />
        <Step number={5} title={t('app.set-up.build', 'Build on it')} testId="step-build">
          <Text element="p">
            <Trans i18nKey="app.set-up.build-text">
              Look at the <TextLink href={PAGES.live}>live page</TextLink>, choose the data source in a{' '}
              <TextLink href={PAGES.newDashboard}>new dashboard</TextLink> or in{' '}
              <TextLink href={PAGES.explore}>Explore</TextLink>, and in{' '}
              <TextLink href={PAGES.alertRules}>alert rules</TextLink>. Tables and graphs go on by themselves as the
              bridge learns more.
            </Trans>
          </Text>
        </Step>
        <WhenDataStaysAway />
        <Text element="p" color="secondary" variant="bodySmall">
          {t('app.set-up.version', 'Version {{version}}. What each query gives stands beside its editor.', { version })}
        </Text>
      </Stack>
    </PluginPage>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ maxWidth: 760, paddingLeft: theme.spacing(3), marginTop: theme.spacing(1) }),
});
