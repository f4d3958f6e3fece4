import { useId, useState } from 'react';
import { t } from '@grafana/i18n';
import { Field, FieldSet, Input } from '@grafana/ui';
import { DATA_SOURCE_DEFAULTS, DataSourceJson } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { numberProblem } from '../components/problems.ts';
import type { Settings } from './use-settings.ts';

type SecondsKey = keyof typeof DATA_SOURCE_DEFAULTS;

interface SecondsText {
  readonly testId: string;
  readonly label: () => string;
  readonly description: () => string;
}

const SECONDS: Readonly<Record<SecondsKey, SecondsText>> = {
  updateIntervalS: {
    testId: TEST_IDS.configEditor.updateInterval,
    label: () => t('datasource.config.update-interval', 'Update interval'),
    description: () => t('datasource.config.update-interval-text', 'How often the bridge sends what has changed'),
  },
  pollIntervalS: {
    testId: TEST_IDS.configEditor.pollInterval,
    label: () => t('datasource.config.poll-interval', 'Polling interval'),
    description: () =>
      t('datasource.config.poll-interval-text', 'How often it is read while the stream from the bridge is cut'),
  },
  timeoutS: {
    testId: TEST_IDS.configEditor.timeout,
    label: () => t('datasource.config.timeout', 'Timeout'),
    description: () => t('datasource.config.timeout-text', 'Of one request to the bridge'),
  },
  staleAfterS: {
    testId: TEST_IDS.configEditor.staleAfter,
    label: () => t('datasource.config.stale-after', 'Too old after'),
    description: () =>
      t('datasource.config.stale-after-text', 'Alert rules get an error instead of data that is older'),
  },
};

/** The type of a schema does not tell its limits; its value does. */
const limitsOf = (name: SecondsKey): { minimum: number; maximum: number } =>
  DataSourceJson.properties[name] as unknown as { minimum: number; maximum: number };

function SecondsField({ settings, name }: { readonly settings: Settings; readonly name: SecondsKey }) {
  const id = useId();
  const saved = settings.json[name];
  // What is typed stays while it is wrong, and only what is right is taken over.
  const [draft, setDraft] = useState<string | undefined>();
  const text = draft ?? (saved === undefined ? '' : String(saved));
  const { minimum, maximum } = limitsOf(name);
  const range = { min: minimum, max: maximum, whole: true };
  const problem = numberProblem(text, range);
  const { label, description, testId } = SECONDS[name];
  return (
    <Field
      label={label()}
      description={description()}
      htmlFor={id}
      invalid={problem !== undefined}
      error={problem}
      disabled={settings.isReadOnly}
    >
      <Input
        id={id}
        data-testid={testId}
        type="number"
        min={minimum}
        max={maximum}
        width={20}
        suffix="s"
        placeholder={String(DATA_SOURCE_DEFAULTS[name])}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          const isRight = numberProblem(value, range) === undefined;
          setDraft(isRight ? undefined : value);
          if (isRight) settings.setJson({ [name]: value.trim() === '' ? undefined : Number(value) });
        }}
      />
    </Field>
  );
}

export function TimingSection({ settings }: { readonly settings: Settings }) {
  return (
    <FieldSet label={t('datasource.config.timing', 'Timing')}>
      {(Object.keys(SECONDS) as SecondsKey[]).map((name) => (
        <SecondsField key={name} settings={settings} name={name} />
      ))}
    </FieldSet>
  );
}
