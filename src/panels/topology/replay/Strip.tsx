import { memo, useMemo } from 'react';
import { useTheme2 } from '@grafana/ui';
import { statusColor } from '../../../ui/status.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Timeline } from './timeline.ts';
import { countsAt } from './words.ts';

const HEIGHT = 100;
/** Hundredths of the height that a single one of many still has. */
const LEAST = 14;

interface Stack {
  readonly failed: string;
  readonly degraded: string;
  readonly unknown: string;
}

/**
 * Outlines of what was wrong, stacked: failed at the bottom, then degraded, then unknown. The height is the root of the
 * share, so that one of a thousand is seen.
 */
export function stackOf(timeline: Timeline): Stack {
  const { times, ids } = timeline;
  const heightOf = (count: number): number =>
    count === 0 ? 0 : Math.max(LEAST, HEIGHT * Math.sqrt(count / Math.max(1, ids.length)));
  const tops = { failed: '', degraded: '', unknown: '' };
  const bottoms = { failed: '', degraded: '', unknown: '' };
  for (let row = 0; row < times.length; row += 1) {
    const { failed, degraded, unknown } = countsAt(timeline, row);
    const bad = heightOf(failed + degraded);
    const ofFailed = failed === 0 ? 0 : Math.max(LEAST, (bad * failed) / (failed + degraded));
    const ofBad = degraded === 0 ? ofFailed : Math.max(ofFailed + LEAST / 2, bad);
    const ofAll = unknown === 0 ? ofBad : Math.max(ofBad + LEAST / 2, heightOf(failed + degraded + unknown));
    const edges = { failed: [0, ofFailed], degraded: [ofFailed, ofBad], unknown: [ofBad, ofAll] } as const;
    for (const key of ['failed', 'degraded', 'unknown'] as const) {
      const [low, high] = edges[key].map((height) => (HEIGHT - Math.min(HEIGHT, height)).toFixed(1));
      tops[key] += `L${row} ${high}H${row + 1}`;
      bottoms[key] = `L${row + 1} ${low}H${row}${bottoms[key]}`;
    }
  }
  const whole = (key: keyof Stack): string => `M0 ${HEIGHT}${tops[key]}${bottoms[key]}Z`;
  return { failed: whole('failed'), degraded: whole('degraded'), unknown: whole('unknown') };
}

interface StripProps {
  readonly timeline: Timeline;
  readonly label: string;
  readonly className: string;
}

/** When something was wrong, over the whole range. */
export const Strip = memo(function Strip({ timeline, label, className }: StripProps) {
  const theme = useTheme2();
  const stack = useMemo(() => stackOf(timeline), [timeline]);
  const [failed, degraded, unknown] = (['failed', 'degraded', 'unknown'] as const).map((status) =>
    statusColor(theme, status),
  );
  return (
    <svg
      className={className}
      viewBox={`0 0 ${Math.max(1, timeline.times.length)} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      data-testid={TEST_IDS.topology.replayStrip}
    >
      <path
        d={stack.unknown}
        fill={unknown}
        fillOpacity={0.2}
        stroke={unknown}
        strokeDasharray="2 3"
        vectorEffect="non-scaling-stroke"
      />
      <path d={stack.degraded} fill={degraded} fillOpacity={0.6} />
      <path d={stack.failed} fill={failed} />
    </svg>
  );
});
