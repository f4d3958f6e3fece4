import { t, Trans } from '@grafana/i18n';
import { Alert, Button, Text, TextLink } from '@grafana/ui';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { PAGES } from '../links.ts';
import { Step } from '../Step.tsx';
import { useTask } from '../use-task.ts';
import { importRules, type Outcome } from './imports.ts';
import { OutcomeList } from './OutcomeList.tsx';

/** Alert rules that come with the app, for the data source of that uid. */
export function RulesStep({ uid }: { readonly uid: string | undefined }) {
  const { state, value, problem, run } = useTask<readonly Outcome[]>();
  return (
    <Step number={4} title={t('app.rules.title', 'Import the alert rules')} testId={TEST_IDS.app.stepRules}>
      <Text element="p">
        <Trans i18nKey="app.rules.text">
          They may be edited afterwards. Whom they wake is up to the{' '}
          <TextLink href={PAGES.alertRules}>notification policies</TextLink> for the label product=live-diagnostics.
        </Trans>
      </Text>
      {value !== undefined && <OutcomeList outcomes={value} />}
      {problem !== undefined && (
        <Alert severity="error" title={t('app.rules.failed', 'They were not imported')}>
          {problem}
        </Alert>
      )}
      <Button
        variant="secondary"
        data-testid={TEST_IDS.app.importRules}
        icon={state === 'running' ? 'spinner' : 'import'}
        disabled={uid === undefined || state === 'running'}
        onClick={() => {
          if (uid !== undefined) run(() => importRules(uid));
        }}
      >
        {t('app.rules.import', 'Import alert rules')}
      </Button>
    </Step>
  );
}
