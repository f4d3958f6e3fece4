import { useId } from 'react';
import { t } from '@grafana/i18n';
import { Field, FieldSet, Input, SecretInput } from '@grafana/ui';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { urlProblem } from '../../ui/url-problem.ts';
import type { Settings } from './use-settings.ts';

const WIDTH = 60;

export function ConnectionSection({ settings }: { readonly settings: Settings }) {
  const id = useId();
  const problem = settings.isReadOnly ? undefined : urlProblem(settings.url);
  return (
    <FieldSet label={t('datasource.config.connection', 'Connection')}>
      <Field
        label={t('datasource.config.url', 'Address of the bridge')}
        description={t('datasource.config.url-text', 'As this Grafana server reaches it, not your browser')}
        htmlFor={`${id}-url`}
        required
        invalid={problem !== undefined}
        error={problem}
        disabled={settings.isReadOnly}
      >
        <Input
          id={`${id}-url`}
          data-testid={TEST_IDS.configEditor.url}
          placeholder="http://localhost:8000"
          width={WIDTH}
          value={settings.url}
          onChange={({ currentTarget }) => settings.setUrl(currentTarget.value.trim())}
        />
      </Field>
      <Field
        label={t('datasource.config.token', 'Token')}
        description={t(
          'datasource.config.token-text',
          'One of the bridge’s tokens that may read. Leave it empty when it asks for none',
        )}
        htmlFor={`${id}-token`}
        disabled={settings.isReadOnly}
      >
        <SecretInput
          id={`${id}-token`}
          data-testid={TEST_IDS.configEditor.token}
          width={WIDTH}
          isConfigured={settings.isSet('token')}
          value={settings.typed('token')}
          onChange={({ currentTarget }) => settings.setSecret('token', currentTarget.value.trim())}
          onReset={() => settings.resetSecret('token')}
        />
      </Field>
    </FieldSet>
  );
}
