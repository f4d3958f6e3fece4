import { useId } from 'react';
import { InlineField, MultiCombobox, type ComboboxOption } from '@grafana/ui';
import type { AsyncOptions } from './use-options.ts';

interface ListFieldProps<T extends string> {
  readonly label: string;
  readonly tooltip?: string;
  readonly placeholder: string;
  readonly options: ComboboxOption[] | AsyncOptions;
  readonly value: readonly T[] | undefined;
  readonly onChange: (values: T[] | undefined) => void;
  /** Why what is chosen will not do. */
  readonly problem?: string | undefined;
  readonly 'data-testid': string;
}

/** Alternatives to choose from; a variable can be typed in their place. */
export function ListField<T extends string>({
  label,
  tooltip,
  value = [],
  onChange,
  problem,
  ...box
}: ListFieldProps<T>) {
  const id = useId();
  return (
    <InlineField label={label} tooltip={tooltip} htmlFor={id} invalid={problem !== undefined} error={problem}>
      <MultiCombobox
        {...box}
        id={id}
        value={value.map((one) => ({ value: one, label: one }))}
        createCustomValue
        isClearable
        width="auto"
        minWidth={20}
        maxWidth={60}
        onChange={(chosen) => {
          const values = chosen.map((option) => option.value as T);
          onChange(values.length === 0 ? undefined : values);
        }}
      />
    </InlineField>
  );
}
