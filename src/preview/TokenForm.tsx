import { css } from '@emotion/css';
import { useState, type FormEvent } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t, Trans } from '@grafana/i18n';
import { Alert, Button, Field, Input, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../ui/test-ids.ts';
import { isSendableToken } from './browser-socket.ts';
import type { Refusal } from './refusal.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  form: css({
    width: '100%',
    maxWidth: 460,
    margin: 'auto',
    padding: theme.spacing(3),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  title: css({ ...theme.typography.h4, marginBottom: theme.spacing(1) }),
  text: css({ color: theme.colors.text.secondary, marginBottom: theme.spacing(2) }),
});

function refusalText(refusal: Exclude<Refusal, 'needed'>): string {
  switch (refusal) {
    case 'refused':
      return t('preview.access.refused', 'Authentication refused: the bridge does not accept this token');
    case 'expired':
      return t('preview.access.expired', 'Authentication refused: the token has expired');
    case 'forbidden':
      return t('preview.access.forbidden', 'Authentication refused: the token lacks the scope “read”');
  }
}

interface Props {
  readonly refusal: Refusal;
  readonly onToken: (token: string) => void;
}

/** Asks for the token that the bridge wants. */
export function TokenForm({ refusal, onToken }: Props) {
  const styles = useStyles2(getStyles);
  const [text, setText] = useState('');
  const token = text.trim();
  const isUnsendable = token !== '' && !isSendableToken(token);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (token !== '' && !isUnsendable) onToken(token);
  };
  return (
    <form className={styles.form} onSubmit={submit} data-testid={TEST_IDS.preview.access}>
      <h2 className={styles.title}>
        <Trans i18nKey="preview.access.title">This bridge wants a token</Trans>
      </h2>
      <p className={styles.text}>
        <Trans i18nKey="preview.access.text">
          Enter one with the scope “read”; with the scope “write” it can also refresh by hand. It is kept in this tab
          alone.
        </Trans>
      </p>
      {refusal !== 'needed' && (
        <Alert severity="error" title={refusalText(refusal)} data-testid={TEST_IDS.preview.refusal} />
      )}
      <Field
        label={t('preview.access.token', 'Token')}
        invalid={isUnsendable}
        error={t('preview.access.unsendable', 'A browser cannot send a token with such characters to a WebSocket')}
        noMargin={false}
      >
        <Input
          id="live-preview-token"
          type="password"
          autoComplete="off"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          data-testid={TEST_IDS.preview.token}
        />
      </Field>
      <Button type="submit" disabled={token === '' || isUnsendable} data-testid={TEST_IDS.preview.connect}>
        <Trans i18nKey="preview.access.connect">Connect</Trans>
      </Button>
    </form>
  );
}
