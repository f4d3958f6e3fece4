import { t } from '@grafana/i18n';
import { Icon, Stack, Text, TextLink } from '@grafana/ui';
import type { Outcome } from './imports.ts';

function words(outcome: Outcome): string {
  if (outcome.state === 'failed') return outcome.reason;
  return outcome.state === 'imported'
    ? t('app.outcome.imported', 'imported')
    : t('app.outcome.present', 'there already, from elsewhere');
}

export function OutcomeList({ outcomes }: { readonly outcomes: readonly Outcome[] }) {
  return (
    <Stack direction="column" gap={0.5} role="status">
      {outcomes.map((outcome) => (
        <Stack key={outcome.title} gap={1} alignItems="center">
          <Text color={outcome.state === 'failed' ? 'error' : 'success'}>
            <Icon name={outcome.state === 'failed' ? 'times-circle' : 'check-circle'} />
          </Text>
          {outcome.state !== 'failed' && outcome.url !== undefined ? (
            <TextLink href={outcome.url}>{outcome.title}</TextLink>
          ) : (
            <Text>{outcome.title}</Text>
          )}
          <Text color="secondary">{words(outcome)}</Text>
        </Stack>
      ))}
    </Stack>
  );
}
