import { expect, jest, test } from '@jest/globals';
import { renderHook } from '@testing-library/react';
import { useChoice } from '../datasource/components/use-choice.ts';

test('a choice is passed on once, also when it is told again by a function of an earlier drawing', () => {
  const onChange = jest.fn<(value: string | null) => void>();
  const { result, rerender } = renderHook(({ chosen }) => useChoice(chosen, onChange), {
    initialProps: { chosen: 'services' },
  });
  const early = result.current;
  early({ value: 'topology' });
  expect(onChange.mock.calls).toEqual([['topology']]);
  rerender({ chosen: 'topology' });
  early({ value: 'topology' });
  result.current({ value: 'topology' });
  expect(onChange).toHaveBeenCalledTimes(1);
  result.current({ value: 'services' });
  expect(onChange).toHaveBeenLastCalledWith('services');
});

test('a choice taken back is null', () => {
  const onChange = jest.fn<(value: string | null) => void>();
  const { result } = renderHook(() => useChoice<string>('cart', onChange));
  result.current(null);
  expect(onChange.mock.calls).toEqual([[null]]);
});
