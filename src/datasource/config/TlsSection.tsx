import { useId } from 'react';
import { t } from '@grafana/i18n';
import { Field, FieldSet, Input, SecretTextArea, Switch } from '@grafana/ui';
import type { SecretName } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { pemProblem } from '../../ui/url-problem.ts';
import type { Settings } from './use-settings.ts';

interface SwitchFieldProps {
  readonly settings: Settings;
  readonly name: 'tlsSkipVerify' | 'tlsWithCa' | 'tlsAuth';
  readonly label: string;
  readonly description: string;
}

const JSON_KEYS = { tlsSkipVerify: 'tlsSkipVerify', tlsWithCa: 'tlsAuthWithCACert', tlsAuth: 'tlsAuth' } as const;

function SwitchField({ settings, name, label, description }: SwitchFieldProps) {
  const id = useId();
  return (
    <Field label={label} description={description} htmlFor={id} disabled={settings.isReadOnly}>
      <Switch
        id={id}
        data-testid={TEST_IDS.configEditor[name]}
        value={settings.json[JSON_KEYS[name]] ?? false}
        onChange={({ currentTarget }) => settings.setJson({ [JSON_KEYS[name]]: currentTarget.checked })}
      />
    </Field>
  );
}

interface PemFieldProps {
  readonly settings: Settings;
  readonly secret: SecretName;
  readonly kind: 'certificate' | 'key';
  readonly label: string;
  readonly testId: string;
}

function PemField({ settings, secret, kind, label, testId }: PemFieldProps) {
  const id = useId();
  const typed = settings.typed(secret);
  const isMissing = !settings.isReadOnly && !settings.isSet(secret) && typed === '';
  const problem = isMissing
    ? t('datasource.config.pem-missing', 'Paste it here, as PEM text')
    : pemProblem(typed, kind);
  return (
    <Field
      label={label}
      htmlFor={id}
      required
      invalid={problem !== undefined}
      error={problem}
      disabled={settings.isReadOnly}
    >
      <SecretTextArea
        id={id}
        data-testid={testId}
        rows={4}
        cols={60}
        placeholder={kind === 'certificate' ? '-----BEGIN CERTIFICATE-----' : '-----BEGIN PRIVATE KEY-----'}
        isConfigured={settings.isSet(secret)}
        value={typed}
        onChange={({ currentTarget }) => settings.setSecret(secret, currentTarget.value)}
        onReset={() => settings.resetSecret(secret)}
      />
    </Field>
  );
}

function ServerNameField({ settings }: { readonly settings: Settings }) {
  const id = useId();
  return (
    <Field
      label={t('datasource.config.server-name', 'Server name')}
      description={t(
        'datasource.config.server-name-text',
        'In the bridge’s certificate, when it is not the host of the address',
      )}
      htmlFor={id}
      disabled={settings.isReadOnly}
    >
      <Input
        id={id}
        data-testid={TEST_IDS.configEditor.serverName}
        width={60}
        placeholder="bridge.example.com"
        value={settings.json.serverName ?? ''}
        onChange={({ currentTarget }) => settings.setJson({ serverName: currentTarget.value.trim() || undefined })}
      />
    </Field>
  );
}

export function TlsSection({ settings }: { readonly settings: Settings }) {
  const { tlsAuthWithCACert: hasCa, tlsAuth: hasClient } = settings.json;
  const ids = TEST_IDS.configEditor;
  const common = { settings };
  return (
    <FieldSet label={t('datasource.config.tls', 'TLS')}>
      <SwitchField
        {...common}
        name="tlsSkipVerify"
        label={t('datasource.config.skip-verify', 'Skip verification')}
        description={t(
          'datasource.config.skip-verify-text',
          'Accept any certificate. Whoever stands in between can then read the token',
        )}
      />
      <SwitchField
        {...common}
        name="tlsWithCa"
        label={t('datasource.config.with-ca', 'Own authority')}
        description={t('datasource.config.with-ca-text', 'Trust certificates of this authority')}
      />
      {hasCa && (
        <PemField
          {...common}
          secret="tlsCACert"
          kind="certificate"
          label={t('datasource.config.ca', 'Certificate of the authority')}
          testId={ids.tlsCa}
        />
      )}
      <SwitchField
        {...common}
        name="tlsAuth"
        label={t('datasource.config.client', 'Client certificate')}
        description={t('datasource.config.client-text', 'Show this certificate to the bridge, or to a proxy before it')}
      />
      {hasClient && (
        <>
          <PemField
            {...common}
            secret="tlsClientCert"
            kind="certificate"
            label={t('datasource.config.client-cert', 'Certificate')}
            testId={ids.tlsCert}
          />
          <PemField
            {...common}
            secret="tlsClientKey"
            kind="key"
            label={t('datasource.config.client-key', 'Private key')}
            testId={ids.tlsKey}
          />
        </>
      )}
      <ServerNameField settings={settings} />
    </FieldSet>
  );
}
