import type { QueryEditorHelpProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Card, Stack, Text } from '@grafana/ui';
import { displayText } from './query/display-text.ts';
import { TYPE_OPTIONS } from './query/type-options.ts';
import type { Query } from './types.ts';

/** Queries to start from. */
const EXAMPLES: readonly Omit<Query, 'refId'>[] = [
  { queryType: 'services', format: 'table' },
  { queryType: 'services', format: 'table', filter: { statuses: ['degraded', 'failed'] } },
  { queryType: 'services', format: 'numeric', value: 'health_score' },
  { queryType: 'topology' },
  { queryType: 'anomalies', format: 'table', filter: { severities: ['high', 'critical'] } },
  { queryType: 'failing-dependencies', format: 'table' },
  { queryType: 'traffic', format: 'table', filter: { abnormal_only: true } },
  { queryType: 'events' },
  { queryType: 'health-history' },
  { queryType: 'metric', scope: 'service', metric: 'latency_p95' },
  { queryType: 'comparison', format: 'table', filter: { ids: ['$service'] } },
  { queryType: 'connection', format: 'table' },
];

export function QueryHelp({ onClickExample }: QueryEditorHelpProps<Query>) {
  return (
    <Stack direction="column" gap={1}>
      <Text element="h3">{t('datasource.help.title', 'Live diagnostics')}</Text>
      <Text element="p">
        {t(
          'datasource.help.intro',
          'Pick what to see and, if need be, filter it. All conditions must hold; the values of one condition are alternatives. Dashboard variables can be typed in every field: several values become alternatives, and “All” means no restriction. With “Live” on, panels change by themselves.',
        )}
      </Text>
      {EXAMPLES.map((example) => {
        const query: Query = { refId: 'A', ...example };
        const text = displayText(query);
        return (
          <Card key={`${text} ${example.format ?? ''}`} noMargin onClick={() => onClickExample(query)}>
            <Card.Heading>{TYPE_OPTIONS[example.queryType].label()}</Card.Heading>
            <Card.Description>
              {TYPE_OPTIONS[example.queryType].description()}
              <br />
              <code>{text}</code>
            </Card.Description>
          </Card>
        );
      })}
    </Stack>
  );
}
