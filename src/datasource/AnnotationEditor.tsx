import type { QueryEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Stack, Text } from '@grafana/ui';
import { TEST_IDS } from '../ui/test-ids.ts';
import { FilterBuilder } from './components/FilterBuilder.tsx';
import type { DataSource } from './datasource.ts';
import { TYPE_OPTIONS } from './query/type-options.ts';
import type { Options, Query } from './types.ts';

type Props = QueryEditorProps<DataSource, Query, Options>;

/** Which events of the diagnosis are drawn into graphs. */
export function AnnotationEditor({ datasource, query, onChange, onRunQuery }: Props) {
  return (
    <div data-testid={TEST_IDS.annotationEditor.root}>
      <Stack direction="column" gap={0.5}>
        <Text color="secondary" variant="bodySmall">
          {t(
            'datasource.annotation.text',
            'Changes of health and anomalies in the time range. All of them without a filter.',
          )}
        </Text>
        <FilterBuilder
          dataSource={datasource}
          parts={TYPE_OPTIONS.events.filters}
          filter={query.filter}
          onChange={(filter) => {
            onChange({ ...query, queryType: 'events', filter });
            onRunQuery();
          }}
        />
      </Stack>
    </div>
  );
}
