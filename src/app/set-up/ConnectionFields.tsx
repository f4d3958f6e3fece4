import { useId } from 'react';
import { t } from '@grafana/i18n';
import { Field, Input, SecretInput } from '@grafana/ui';
import { TEST_IDS } from '../../ui/test-ids.ts';
import type { Connection } from './grafana.ts';

export const WIDTH = 60;
const IDS = TEST_IDS.app;

/** A data source as it is being edited. */
export interface Draft {
  readonly connection: Connection;
  /** One is stored; it is never shown. */
  readonly hasToken: boolean;
  /** Provisioned. */
  readonly isReadOnly: boolean;
}
export const FRESH: Draft = {
  connection: { name: 'Live diagnostics', url: 'http://localhost:8000', token: '' },
  hasToken: false,
  isReadOnly: false,
};

interface Props {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly isDisabled: boolean;
  /** What is wrong with the address. */
  readonly problem: string | undefined;
}

export function ConnectionFields({ draft, onChange, isDisabled, problem }: Props) {
  const id = useId();
  const { connection, hasToken } = draft;
  const set = (change: Partial<Connection>): void => onChange({ ...draft, connection: { ...connection, ...change } });
  return (
    <>
      <Field
        label={t('app.connection.url', 'Address of the bridge')}
        description={t('app.connection.url-text', 'As this Grafana server reaches it, not your browser')}
        htmlFor={`${id}-url`}
        invalid={problem !== undefined}
        error={problem}
        disabled={isDisabled}
        noMargin
      >
        <Input
          id={`${id}-url`}
          data-testid={IDS.url}
          width={WIDTH}
          value={connection.url}
          onChange={({ currentTarget }) => set({ url: currentTarget.value.trim() })}
        />
      </Field>
      <Field
        label={t('app.connection.token', 'Token')}
        description={t('app.connection.token-text', 'Empty when the bridge asks for none')}
        htmlFor={`${id}-token`}
        disabled={isDisabled}
        noMargin
      >
        <SecretInput
          id={`${id}-token`}
          data-testid={IDS.token}
          width={WIDTH}
          isConfigured={hasToken}
          value={connection.token}
          onChange={({ currentTarget }) => set({ token: currentTarget.value.trim() })}
          onReset={() => onChange({ ...draft, hasToken: false })}
        />
      </Field>
    </>
  );
}
