import { describe, expect, test } from '@jest/globals';
import { createTheme, FieldType, type Field } from '@grafana/data';
import { act, render, screen } from '@testing-library/react';
import { OVERALL_HEALTH, SEVERITIES, STATUSES } from '@topdeck/protocol';
import { Age } from '../../ui/Age.tsx';
import { ClockContext } from '../../ui/clock.ts';
import { displayText, durationText } from '../../ui/format.ts';
import { SeverityBadge } from '../../ui/SeverityBadge.tsx';
import {
  healthOf,
  severityColor,
  severityOf,
  statusColor,
  worstHealthFirst,
  worstSeverityFirst,
} from '../../ui/status.ts';
import { StatusIcon } from '../../ui/StatusIcon.tsx';
import { StatusText } from '../../ui/StatusText.tsx';
import { FakeClock } from './fake-clock.ts';

const dark = createTheme({ colors: { mode: 'dark' } });
const light = createTheme({ colors: { mode: 'light' } });

const outline = (svg: Element): string => svg.querySelector('g')?.innerHTML ?? '';

describe('health', () => {
  test('each status has an outline of its own; critical is that of failed', () => {
    const outlines = STATUSES.map((status) => {
      const { container, unmount } = render(<StatusIcon status={status} />);
      const drawn = outline(container.querySelector('svg')!);
      unmount();
      return drawn;
    });
    expect(new Set(outlines).size).toBe(STATUSES.length);
    const { container } = render(<StatusIcon status="critical" />);
    expect(outline(container.querySelector('svg')!)).toBe(outlines[STATUSES.indexOf('failed')]);
  });

  test('an icon names its status, and leaves that to the text where there is one', () => {
    render(<StatusIcon status="degraded" />);
    expect(screen.getByRole('img', { name: 'Degraded' })).toBeTruthy();
    render(<StatusText status="failed" />);
    expect(screen.getByText('Failed')).toBeTruthy();
    expect(screen.queryByRole('img', { name: 'Failed' })).toBeNull();
  });

  test('unknown has neither the colour nor the place of healthy', () => {
    for (const theme of [dark, light]) {
      expect(statusColor(theme, 'unknown')).not.toBe(statusColor(theme, 'healthy'));
    }
    expect([...STATUSES].sort(worstHealthFirst)).toEqual(['failed', 'degraded', 'unknown', 'healthy']);
    expect([...OVERALL_HEALTH].sort(worstHealthFirst)[0]).toBe('critical');
  });

  test('a word of another version is unknown health, and no severity', () => {
    expect(healthOf('on fire')).toBe('unknown');
    expect(healthOf(undefined)).toBe('unknown');
    expect(healthOf('toString')).toBe('unknown');
    expect(severityOf('on fire')).toBeUndefined();
    expect(severityOf('high')).toBe('high');
  });
});

describe('severity', () => {
  test('is told by a word and by as many filled bars as it is grave', () => {
    const filled = SEVERITIES.map((severity) => {
      const { container, unmount } = render(<SeverityBadge severity={severity} />);
      const bars = [...container.querySelectorAll('rect')].filter((bar) => bar.getAttribute('fill') !== 'none').length;
      unmount();
      return bars;
    });
    expect(filled).toEqual([1, 2, 3, 4]);
    render(<SeverityBadge severity="medium" />);
    expect(screen.getByText('Medium')).toBeTruthy();
  });

  test('sorts the worst first, in colours of their own', () => {
    expect([...SEVERITIES].sort(worstSeverityFirst)).toEqual(['critical', 'high', 'medium', 'low']);
    for (const theme of [dark, light]) {
      expect(new Set(SEVERITIES.map((severity) => severityColor(theme, severity))).size).toBe(4);
    }
  });
});

describe('numbers and ages', () => {
  const seconds: Field = { name: 'latency_p95', type: FieldType.number, config: { unit: 's' }, values: [] };

  test('a value is shown with the unit of its field, and none as a dash', () => {
    expect(displayText(seconds, 1.5, dark)).toBe('1.50 s');
    expect(displayText(seconds, 0.25, dark)).toBe('250 ms');
    expect(displayText(seconds, null, dark)).toBe('–');
    expect(displayText(seconds, Number.NaN, dark)).toBe('–');
  });

  test('a field that brings its own display is shown by it', () => {
    const display = () => ({ text: 'slow', numeric: 1, suffix: '!' });
    expect(displayText({ ...seconds, display }, 1.5, dark)).toBe('slow!');
  });

  test.each([
    [-3, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3_599, '59 min'],
    [7_200, '2 h'],
    [47 * 3600, '47 h'],
    [4 * 86_400, '4 d'],
  ])('%d s is %s', (age, text) => {
    expect(durationText(age)).toBe(text);
  });

  test('an age goes on by itself, and all ages share one timer', async () => {
    const clock = new FakeClock(1_000_000);
    const { unmount } = render(
      <ClockContext.Provider value={clock}>
        <Age atMs={988_000} />
        <Age atMs={999_000} />
        <Age atMs={null} />
      </ClockContext.Provider>,
    );
    expect(screen.getByText('12 s')).toBeTruthy();
    expect(screen.getByText('–')).toBeTruthy();
    expect(clock.waiting).toBe(1);
    await act(() => clock.advance(49_000));
    expect(screen.getByText('1 min')).toBeTruthy();
    expect(screen.getByText('50 s')).toBeTruthy();
    unmount();
    expect(clock.waiting).toBe(0);
  });
});
