import { useState } from 'react';
import { t } from '@grafana/i18n';
import { Alert, Button, Text } from '@grafana/ui';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { Step } from '../Step.tsx';
import { useTask } from '../use-task.ts';
import { importBoards, type Outcome } from './imports.ts';
import { OutcomeList } from './OutcomeList.tsx';

/** Dashboards that come with the app. */
export function BoardsStep({ isReady }: { readonly isReady: boolean }) {
  const { state, problem, run } = useTask<readonly Outcome[]>();
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  return (
    <Step number={3} title={t('app.boards.title', 'Import the dashboards')} testId={TEST_IDS.app.stepBoards}>
      <Text element="p">
        {t(
          'app.boards.text',
          'Overview, topology, one service, traffic, anomalies and incidents, and the bridge itself. An earlier import is replaced; what is provisioned stays.',
        )}
      </Text>
      <OutcomeList outcomes={outcomes} />
      {problem !== undefined && (
        <Alert severity="error" title={t('app.boards.failed', 'They were not imported')}>
          {problem}
        </Alert>
      )}
      <Button
        variant="secondary"
        data-testid={TEST_IDS.app.importBoards}
        icon={state === 'running' ? 'spinner' : 'import'}
        disabled={!isReady || state === 'running'}
        onClick={() => run(() => importBoards(setOutcomes))}
      >
        {t('app.boards.import', 'Import dashboards')}
      </Button>
    </Step>
  );
}
