import { describe, expect, test } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react';
import { bandPath, lastKnown, linePath, nearestIndex, scaleOf } from '../../ui/sparkline/geometry.ts';
import { Sparkline, type SparklineProps } from '../../ui/sparkline/Sparkline.tsx';
import { TEST_IDS } from '../../ui/test-ids.ts';

const TIMES = [0, 10, 20, 30, 40];
const scale = scaleOf({ times: TIMES, lists: [[0, 100]] })!;

describe('the geometry of a line', () => {
  test('the greatest value is above the least, and both lie inside with a margin', () => {
    expect([scale.x(0), scale.x(20), scale.x(40)]).toEqual([0, 50, 100]);
    expect([scale.y(100), scale.y(50), scale.y(0)]).toEqual([6, 50, 94]);
  });

  test('a constant lies in the middle, and without a value there is nothing to draw', () => {
    expect(scaleOf({ times: TIMES, lists: [[7, 7, null]] })?.y(7)).toBe(50);
    expect(scaleOf({ times: TIMES, lists: [[null, null], undefined] })).toBeUndefined();
    expect(scaleOf({ times: [], lists: [[]] })).toBeUndefined();
  });

  test('null is a gap, and a value alone between gaps a point', () => {
    expect(linePath(TIMES, [0, 100, null, 50, null], scale)).toBe('M0.00 94.00L25.00 6.00M75.00 50.00h0');
  });

  test('a band is closed around each run of known limits', () => {
    const band = { lower: [0, 0, null, 0, 0], upper: [100, 50, 100, 100, 100] };
    expect(bandPath(TIMES, band, scale)).toBe(
      'M0.00 6.00L25.00 50.00L25.00 94.00L0.00 94.00ZM75.00 6.00L100.00 6.00L100.00 94.00L75.00 94.00Z',
    );
    expect(bandPath(TIMES, { lower: [0, 0] }, scale)).toBe('');
  });

  test('the newest known value, and the time nearest to a place', () => {
    expect(lastKnown([1, 2, null])).toEqual({ index: 1, value: 2 });
    expect(lastKnown([null])).toBeUndefined();
    expect([0, 0.1, 0.2, 0.6, 1].map((share) => nearestIndex([0, 10, 20, 100], share))).toEqual([0, 1, 2, 3, 3]);
  });
});

describe('the line as it is drawn', () => {
  const draw = (more: Partial<SparklineProps> = {}) =>
    render(
      <Sparkline
        times={TIMES}
        values={[1, 2, 3, 4, null]}
        label="Error rate"
        format={(value) => `${value} %`}
        {...more}
      />,
    );

  test('its name tells the last value with its unit, and what was expected then', () => {
    const { rerender } = draw();
    expect(screen.getByRole('img', { name: 'Error rate: last 4 %' })).toBeTruthy();
    const band = { lower: [0, 0, 0, 1, 1], upper: [2, 2, 2, 3, 3] };
    rerender(
      <Sparkline
        times={TIMES}
        values={[1, 2, 3, 4, null]}
        band={band}
        label="Error rate"
        format={(value) => `${value} %`}
      />,
    );
    expect(screen.getByRole('img', { name: 'Error rate: last 4 %, expected 1 % to 3 %' })).toBeTruthy();
    expect(screen.getByTestId(TEST_IDS.ui.sparklineBand).getAttribute('d')).toContain('Z');
  });

  test('without limits there is no band, and without values no line but words', () => {
    const { unmount } = draw();
    expect(screen.queryByTestId(TEST_IDS.ui.sparklineBand)).toBeNull();
    unmount();
    draw({ values: TIMES.map(() => null) });
    expect(screen.queryByRole('img')).toBeNull();
    expect(screen.getByTestId(TEST_IDS.ui.sparkline).textContent).toBe('No data in this time range');
  });

  test('the beginnings of anomalies in the range are marked where they were', () => {
    draw({ onsets: [-5, 10, 400] });
    const marks = screen.getAllByTestId(TEST_IDS.ui.sparklineOnset);
    expect(marks.map(({ style }) => style.left)).toEqual(['25%']);
  });

  test('where the pointer is, the value is told, until it leaves', () => {
    draw();
    const line = screen.getByTestId(TEST_IDS.ui.sparkline);
    // Places are measured in a width of 300; jsdom's pointer events have none.
    const point = (clientX: number) => fireEvent(line, new MouseEvent('pointermove', { clientX, bubbles: true }));
    point(150);
    expect(line.textContent).toContain('3 % ·');
    point(300);
    expect(line.textContent).toContain('– ·');
    fireEvent.pointerLeave(line);
    expect(line.textContent).toBe('');
  });
});
