import { useId } from 'react';
import { t } from '@grafana/i18n';
import { Combobox, InlineField } from '@grafana/ui';
import type { QueryFilter } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../../ui/test-ids.ts';
import type { DataSource } from '../datasource.ts';
import { DraftInput } from './DraftInput.tsx';
import { numberProblem } from './problems.ts';
import { useChoice } from './use-choice.ts';
import { useServiceOptions } from './use-options.ts';

type Around = QueryFilter['around'];

const DEPTH = { min: 0, max: 5, whole: true } as const;
const DEFAULT_DEPTH = 1;

interface AroundFieldProps {
  readonly dataSource: DataSource;
  readonly around: Around;
  readonly onChange: (around: Around) => void;
}

/** The neighbourhood of one service. */
export function AroundField({ dataSource, around, onChange }: AroundFieldProps) {
  const id = useId();
  const services = useServiceOptions(dataSource);
  const chosen = around?.id ?? null;
  const choose = useChoice(chosen, (service) =>
    onChange(service === null ? undefined : { id: service, depth: around?.depth ?? DEFAULT_DEPTH }),
  );
  return (
    <>
      <InlineField
        label={t('datasource.filter.around', 'Around')}
        tooltip={t('datasource.filter.around-tooltip', 'Only this service and those near it, in either direction')}
        htmlFor={id}
      >
        <Combobox
          id={id}
          data-testid={TEST_IDS.filter.aroundId}
          placeholder={t('datasource.filter.around-placeholder', 'any service')}
          options={services}
          value={chosen}
          createCustomValue
          isClearable
          width={26}
          onChange={choose}
        />
      </InlineField>
      {around && (
        <DraftInput
          id={`${id}-depth`}
          data-testid={TEST_IDS.filter.aroundDepth}
          label={t('datasource.filter.depth', 'Depth')}
          tooltip={t('datasource.filter.depth-tooltip', 'Edges away')}
          type="number"
          {...{ min: DEPTH.min, max: DEPTH.max }}
          width={8}
          value={String(around.depth)}
          problemOf={(text) => numberProblem(text, DEPTH)}
          onCommit={(text) => onChange({ ...around, depth: text === '' ? DEFAULT_DEPTH : Number(text) })}
        />
      )}
    </>
  );
}
