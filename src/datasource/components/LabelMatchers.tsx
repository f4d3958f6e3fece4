import { useId } from 'react';
import { t } from '@grafana/i18n';
import { Button, Combobox, IconButton, InlineField, Stack } from '@grafana/ui';
import { LABEL_OPERATORS, type LabelMatcher } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../../ui/test-ids.ts';
import type { DataSource } from '../datasource.ts';
import { useChoice } from './use-choice.ts';
import { useValueOptions } from './use-options.ts';

interface MatcherProps {
  readonly dataSource: DataSource;
  readonly index: number;
  readonly matcher: LabelMatcher;
  readonly onChange: (matcher: LabelMatcher) => void;
  readonly onRemove: () => void;
}

const OPERATORS = LABEL_OPERATORS.map((value) => ({ value }));

function Matcher({ dataSource, index, matcher, onChange, onRemove }: MatcherProps) {
  const id = useId();
  const keys = useValueOptions(dataSource, { kind: 'label-keys' });
  const values = useValueOptions(dataSource, { kind: 'label-values', label: matcher.key });
  const key = matcher.key || null;
  const value = matcher.value || null;
  const chooseKey = useChoice(key, (chosen) => onChange({ ...matcher, key: chosen ?? '' }));
  const chooseOp = useChoice(matcher.op, (op) => op && onChange({ ...matcher, op }));
  const chooseValue = useChoice(value, (chosen) => onChange({ ...matcher, value: chosen ?? '' }));
  return (
    <InlineField label={t('datasource.filter.label', 'Label')} htmlFor={id}>
      <Stack gap={0} alignItems="center">
        <Combobox
          id={id}
          data-testid={TEST_IDS.filter.labelKey(index)}
          placeholder={t('datasource.filter.label-key', 'label')}
          options={keys}
          value={key}
          createCustomValue
          width={18}
          onChange={chooseKey}
        />
        {/* Named by texts that are not drawn: the row has room for one label. */}
        <span id={`${id}-op`} hidden>
          {t('datasource.filter.label-op', 'Condition')}
        </span>
        <Combobox
          aria-labelledby={`${id}-op`}
          data-testid={TEST_IDS.filter.labelOp(index)}
          options={OPERATORS}
          value={matcher.op}
          width={8}
          onChange={chooseOp}
        />
        <span id={`${id}-value`} hidden>
          {t('datasource.filter.label-value-name', 'Value of the label')}
        </span>
        <Combobox
          aria-labelledby={`${id}-value`}
          data-testid={TEST_IDS.filter.labelValue(index)}
          placeholder={t('datasource.filter.label-value', 'value')}
          options={values}
          value={value}
          createCustomValue
          width={22}
          onChange={chooseValue}
        />
        <IconButton
          name="times"
          data-testid={TEST_IDS.filter.removeLabel(index)}
          aria-label={t('datasource.filter.remove-label', 'Remove this label')}
          onClick={onRemove}
        />
      </Stack>
    </InlineField>
  );
}

interface LabelMatchersProps {
  readonly dataSource: DataSource;
  readonly matchers: readonly LabelMatcher[];
  readonly onChange: (matchers: LabelMatcher[]) => void;
}

/** Conditions on labels, all of which must hold. */
export function LabelMatchers({ dataSource, matchers, onChange }: LabelMatchersProps) {
  return (
    <>
      {matchers.map((matcher, index) => (
        <Matcher
          key={index}
          dataSource={dataSource}
          index={index}
          matcher={matcher}
          onChange={(next) => onChange(matchers.with(index, next))}
          onRemove={() => onChange(matchers.toSpliced(index, 1))}
        />
      ))}
      <Button
        variant="secondary"
        fill="outline"
        icon="plus"
        data-testid={TEST_IDS.filter.addLabel}
        onClick={() => onChange([...matchers, { key: '', op: '=', value: '' }])}
      >
        {t('datasource.filter.add-label', 'Label')}
      </Button>
    </>
  );
}
