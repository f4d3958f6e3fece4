import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { LinkButton, Stack, Text, TextLink, useStyles2 } from '@grafana/ui';
import { PAGES } from './links.ts';
import { Step } from './Step.tsx';

interface Props {
  readonly version: string;
}

/** What the pieces are and which of Grafana's pages come next. Nothing here asks the bridge anything. */
export function GettingStarted({ version }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <PluginPage subTitle="From a service graph and its metrics to live panels and alert rules">
      <Stack direction="column" gap={3}>
        <Text element="p">
          A service of your own, the bridge, reads the dependency graph from Neo4j and metrics from Prometheus and tells
          which services are healthy, what is unusual and what it follows from. The data source brings that stream into
          Grafana.
        </Text>
        <Step number={1} title="Run the bridge" testId="step-bridge">
          <Text element="p">
            Grafana’s server must reach it; browsers need not. It listens on port 8000 and shows a demo system until it
            is told of yours.
          </Text>
        </Step>
        <Step number={2} title="Add the data source" testId="step-data-source">
          <Text element="p">
            Give it the bridge’s address and, if the bridge asks for one, a token. Then save and test.
          </Text>
          <LinkButton href={PAGES.addDataSource} icon="plus">
            Add the data source
          </LinkButton>
        </Step>
        <Step number={3} title="Build on it" testId="step-build">
          <Text element="p">
            Choose it in a <TextLink href={PAGES.newDashboard}>new dashboard</TextLink> or in{' '}
            <TextLink href={PAGES.explore}>Explore</TextLink>, and in{' '}
            <TextLink href={PAGES.alertRules}>alert rules</TextLink>. Tables and graphs go on by themselves as the
            bridge learns more.
          </Text>
        </Step>
        <section>
          <Text element="h3">When data stays away</Text>
          <ul className={styles.list}>
            <li>No data is unknown, never healthy. An alert rule on a value that nobody reports goes to No data.</li>
            <li>
              Save & test in the data source names the hop that is silent: the bridge, its authorisation, Neo4j,
              Prometheus.
            </li>
            <li>
              The query Connection has the state of the stream and the age of the data, so that silence itself can
              alert.
            </li>
          </ul>
        </section>
        <Text element="p" color="secondary" variant="bodySmall">
          Version {version}. What each query gives stands beside its editor, under the question mark.
        </Text>
      </Stack>
    </PluginPage>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ maxWidth: 760, paddingLeft: theme.spacing(3), marginTop: theme.spacing(1) }),
});
