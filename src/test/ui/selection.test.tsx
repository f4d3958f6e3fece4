import { beforeEach, describe, expect, test } from '@jest/globals';
import type { InterpolateFunction } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { act, renderHook } from '@testing-library/react';
import { useSelection } from '../../ui/selection.ts';
import { FakeTemplates, type FakeVariable } from '../fake-grafana.ts';

const replacing = (variables: Record<string, FakeVariable>): InterpolateFunction => {
  const templates = new FakeTemplates(variables);
  return (text, scoped, format) => templates.replace(text, scoped, format as never);
};
const search = (): string => locationService.getLocation().search;

beforeEach(() => locationService.replace('/d/uid'));

describe('with a variable of the name', () => {
  test('its value is the selection', () => {
    const { result } = renderHook(() => useSelection('service', replacing({ service: { value: 'cart' } })));
    expect(result.current[0]).toBe('cart');
  });

  test('selecting writes the address, and everybody who looks sees it at once', () => {
    const replace = replacing({ service: { value: 'cart' } });
    const one = renderHook(() => useSelection('service', replace));
    const other = renderHook(() => useSelection('service', replace));
    act(() => one.result.current[1]('web'));
    expect(search()).toBe('?var-service=web');
    expect(one.result.current[0]).toBe('web');
    expect(other.result.current[0]).toBe('web');
    act(() => other.result.current[1](undefined));
    expect(search()).toBe('?var-service=');
    expect(one.result.current[0]).toBeUndefined();
  });

  test('the rest of the address stays', () => {
    locationService.replace('/d/uid?from=now-1h&var-other=x');
    const { result } = renderHook(() => useSelection('service', replacing({ service: { value: '' } })));
    act(() => result.current[1]('a&b=c'));
    expect(new URLSearchParams(search()).get('var-service')).toBe('a&b=c');
    expect(new URLSearchParams(search()).get('var-other')).toBe('x');
  });

  test.each<[string, FakeVariable]>([
    ['all', { value: '$__all', options: ['cart', 'web'] }],
    ['several', { value: ['cart', 'web'], multi: true }],
    ['none', { value: '' }],
  ])('%s is no selection', (_name, variable) => {
    const { result } = renderHook(() => useSelection('service', replacing({ service: variable })));
    expect(result.current[0]).toBeUndefined();
  });

  test('all in the address is no selection, and one of several options is one', () => {
    locationService.replace('/d/uid?var-service=$__all');
    const replace = replacing({ service: { value: ['cart'], multi: true } });
    const { result } = renderHook(() => useSelection('service', replace));
    expect(result.current[0]).toBe('cart');
  });
});

describe('without one', () => {
  test.each([
    ['of another name', 'service'],
    ['named by nothing', ''],
  ])('%s the selection is the own, and the address stays', (_what, name) => {
    const { result } = renderHook(() => useSelection(name, replacing({ other: { value: 'x' } })));
    expect(result.current[0]).toBeUndefined();
    act(() => result.current[1]('cart'));
    expect(result.current[0]).toBe('cart');
    expect(search()).toBe('');
  });
});
