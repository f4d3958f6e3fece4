import { useEffect, useId, useState } from 'react';
import { t } from '@grafana/i18n';
import { Alert, Button, Combobox, Field, Stack } from '@grafana/ui';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { urlProblem } from '../../ui/url-problem.ts';
import { Step } from '../Step.tsx';
import { useTask } from '../use-task.ts';
import { ConnectionFields, FRESH, WIDTH, type Draft } from './ConnectionFields.tsx';
import { changeSource, createSource, knownSources, storedSource } from './grafana.ts';

const NEW = '';
const IDS = TEST_IDS.app;

interface Props {
  readonly uid: string | undefined;
  readonly onSaved: (uid: string | undefined) => void;
  readonly mayCreate: boolean;
}

async function draftOf(uid: string): Promise<Draft> {
  const { name, url, readOnly, secureJsonFields } = await storedSource(uid);
  return {
    connection: { name, url, token: '' },
    hasToken: secureJsonFields?.['token'] === true,
    isReadOnly: readOnly,
  };
}

/** The settings of a data source as they are stored, until they are edited; of none, those of a new one. */
function useDraft(uid: string | undefined, mayRead: boolean) {
  const [draft, setDraft] = useState(FRESH);
  const { run, problem } = useTask<Draft>();
  useEffect(() => {
    if (uid === undefined || !mayRead) setDraft(FRESH);
    else run(() => draftOf(uid), setDraft);
  }, [uid, mayRead, run]);
  return { draft, setDraft, problem };
}

/** Which data source, where its bridge is, and saving that. */
export function ConnectionStep({ uid, onSaved, mayCreate }: Props) {
  const id = useId();
  const { draft, setDraft, problem: unread } = useDraft(uid, mayCreate);
  const saved = useTask<string>();
  const { connection, isReadOnly } = draft;

  const sources = knownSources();
  const problem = isReadOnly ? undefined : urlProblem(connection.url);
  const save = (): void =>
    saved.run(async () => {
      if (uid === undefined) return createSource(connection);
      await changeSource(uid, connection);
      return uid;
    }, onSaved);

  return (
    <Step number={1} title={t('app.connection.title', 'Say where the bridge is')} testId={IDS.stepConnection}>
      {sources.length > 0 && (
        <Field label={t('app.connection.source', 'Data source')} htmlFor={`${id}-source`} noMargin>
          <Combobox
            id={`${id}-source`}
            data-testid={IDS.source}
            width={WIDTH}
            value={uid ?? NEW}
            options={[
              ...sources.map((source) => ({ value: source.uid, label: source.name })),
              { value: NEW, label: t('app.connection.new', 'A new one') },
            ]}
            onChange={({ value }) => onSaved(value === NEW ? undefined : value)}
          />
        </Field>
      )}
      <ConnectionFields draft={draft} onChange={setDraft} isDisabled={isReadOnly || !mayCreate} problem={problem} />
      <Stack gap={2} alignItems="center">
        <Button
          data-testid={IDS.save}
          icon={saved.state === 'running' ? 'spinner' : undefined}
          disabled={problem !== undefined || isReadOnly || !mayCreate || saved.state === 'running'}
          onClick={save}
        >
          {uid === undefined ? t('app.connection.create', 'Create the data source') : t('app.connection.save', 'Save')}
        </Button>
        {isReadOnly && t('app.connection.read-only', 'It is provisioned: change it where that is done.')}
      </Stack>
      {saved.problem !== undefined && (
        <Alert severity="error" title={t('app.connection.failed', 'It was not saved')}>
          {saved.problem}
        </Alert>
      )}
      {unread !== undefined && (
        <Alert severity="error" title={t('app.connection.unread', 'Its settings could not be read')}>
          {unread}
        </Alert>
      )}
    </Step>
  );
}
