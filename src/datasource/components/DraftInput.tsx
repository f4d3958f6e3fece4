import { useState, type ComponentProps, type KeyboardEvent } from 'react';
import { InlineField, Input } from '@grafana/ui';

interface DraftInputProps extends Pick<
  ComponentProps<typeof Input>,
  'id' | 'placeholder' | 'width' | 'type' | 'min' | 'max' | 'step' | 'disabled'
> {
  readonly label: string;
  readonly tooltip?: string;
  readonly value: string;
  /** With the text as it is when it is left or entered, and valid. */
  readonly onCommit: (text: string) => void;
  /** What is wrong with a text, in words; undefined when nothing is. */
  readonly problemOf?: (text: string) => string | undefined;
  readonly 'data-testid'?: string;
}

/** A labelled text that takes effect when it is left or entered, so that half a text is never queried. */
export function DraftInput({ label, tooltip, value, onCommit, problemOf, ...input }: DraftInputProps) {
  const [draft, setDraft] = useState<{ of: string; text: string }>({ of: value, text: value });
  // A value that changes from outside takes the place of the draft.
  const text = draft.of === value ? draft.text : value;
  const problem = problemOf?.(text);

  const commit = () => {
    if (problem === undefined && text !== value) onCommit(text);
  };
  return (
    <InlineField
      label={label}
      tooltip={tooltip}
      htmlFor={input.id}
      invalid={problem !== undefined}
      error={problem}
      disabled={input.disabled}
    >
      <Input
        {...input}
        value={text}
        aria-invalid={problem !== undefined}
        onChange={({ currentTarget }) => setDraft({ of: value, text: currentTarget.value })}
        onBlur={commit}
        onKeyDown={({ key }: KeyboardEvent) => {
          if (key === 'Enter') commit();
        }}
      />
    </InlineField>
  );
}
