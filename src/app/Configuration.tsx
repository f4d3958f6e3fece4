import { LinkButton, Stack, Text, TextLink } from '@grafana/ui';
import { PAGES } from './links.ts';

/** The app keeps no settings of its own; this page says where those are that matter. */
export function Configuration() {
  return (
    <Stack direction="column" gap={2} alignItems="flex-start">
      <Text element="p">
        The app itself has nothing to configure. The address of the bridge, the token and the intervals are settings of
        each <TextLink href={PAGES.dataSources}>Live Diagnostics data source</TextLink>.
      </Text>
      <LinkButton href={PAGES.addDataSource} icon="plus">
        Add the data source
      </LinkButton>
    </Stack>
  );
}
