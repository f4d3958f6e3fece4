import { css } from '@emotion/css';
import { useMemo, useState, type PointerEvent } from 'react';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { NOTHING } from '../format.ts';
import { TEST_IDS } from '../test-ids.ts';
import {
  bandPath,
  lastKnown,
  linePath,
  nearestIndex,
  scaleOf,
  type Band,
  type Scale,
  type SparklineValues,
} from './geometry.ts';

export interface SparklineProps {
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  /** One for each time; null is a gap. */
  readonly values: SparklineValues;
  readonly band?: Band;
  /** When anomalies began, epoch milliseconds. */
  readonly onsets?: readonly number[];
  /** What the line is of, as `Error rate`. */
  readonly label: string;
  /** A value with its unit. */
  readonly format: (value: number) => string;
  /** CSS pixels; as wide as its place. */
  readonly height?: number;
}

const getStyles = ({ colors, shape, spacing, typography, visualization }: GrafanaTheme2) => {
  const line = visualization.getColorByName('blue');
  return {
    root: css({ position: 'relative', width: '100%', minWidth: 0 }),
    // The square of the geometry is stretched; lines keep their width by vector-effect.
    svg: css({ display: 'block', width: '100%', height: '100%', overflow: 'visible' }),
    band: css({ fill: line, fillOpacity: 0.18 }),
    expected: css({ fill: 'none', stroke: colors.text.secondary, strokeWidth: 1, strokeDasharray: '3 3' }),
    line: css({ fill: 'none', stroke: line, strokeWidth: 1.5, strokeLinecap: 'round', strokeLinejoin: 'round' }),
    onsetLine: css({ stroke: colors.error.text, strokeWidth: 1, strokeDasharray: '2 2' }),
    cursor: css({ stroke: colors.border.strong, strokeWidth: 1 }),
    onset: css({
      position: 'absolute',
      top: -4,
      width: 0,
      height: 0,
      transform: 'translateX(-50%)',
      borderLeft: '4px solid transparent',
      borderRight: '4px solid transparent',
      borderTop: `6px solid ${colors.error.text}`,
      pointerEvents: 'none',
    }),
    readout: css({
      position: 'absolute',
      bottom: '100%',
      right: 0,
      padding: spacing(0.25, 0.75),
      borderRadius: shape.radius.default,
      background: colors.background.elevated,
      border: `1px solid ${colors.border.weak}`,
      fontSize: typography.bodySmall.fontSize,
      whiteSpace: 'nowrap',
      pointerEvents: 'none',
      zIndex: 1,
    }),
    nothing: css({
      display: 'flex',
      alignItems: 'center',
      height: '100%',
      color: colors.text.secondary,
      fontSize: typography.bodySmall.fontSize,
    }),
  };
};

function nameOf({ label, values, band, format }: SparklineProps): string {
  const last = lastKnown(values);
  if (last === undefined) return t('ui.sparkline.no-data', '{{label}}: no data', { label });
  const value = format(last.value);
  const lower = band?.lower?.[last.index] ?? null;
  const upper = band?.upper?.[last.index] ?? null;
  if (lower === null || upper === null) return t('ui.sparkline.last', '{{label}}: last {{value}}', { label, value });
  return t('ui.sparkline.last-expected', '{{label}}: last {{value}}, expected {{lower}} to {{upper}}', {
    label,
    value,
    lower: format(lower),
    upper: format(upper),
  });
}

interface CursorProps {
  readonly index: number;
  readonly props: SparklineProps;
}

function Readout({ index, props: { times, values, format } }: CursorProps) {
  const styles = useStyles2(getStyles);
  const value = values[index];
  return (
    <div className={styles.readout} aria-hidden="true">
      {value === null ? NOTHING : format(value)} · {dateTimeFormat(times[index])}
    </div>
  );
}

interface Drawn {
  readonly scale: Scale;
  /** SVG path data. */
  readonly band: string;
  readonly expected: string;
  readonly line: string;
}

function useDrawn({ times, values, band }: SparklineProps): Drawn | undefined {
  const { expected, lower, upper } = band ?? {};
  return useMemo(() => {
    const scale = scaleOf({ times, lists: [values, expected, lower, upper] });
    if (scale === undefined) return undefined;
    return {
      scale,
      band: bandPath(times, { lower, upper }, scale),
      expected: linePath(times, expected, scale),
      line: linePath(times, values, scale),
    };
  }, [times, values, expected, lower, upper]);
}

const still = { vectorEffect: 'non-scaling-stroke' } as const;

interface LinesProps {
  readonly drawn: Drawn;
  readonly name: string;
  /** In hundredths of the width. */
  readonly onsets: readonly number[];
  readonly cursor: number | undefined;
}

function Lines({ drawn, name, onsets, cursor }: LinesProps) {
  const styles = useStyles2(getStyles);
  return (
    <svg className={styles.svg} viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={name}>
      {drawn.band !== '' && <path className={styles.band} d={drawn.band} data-testid={TEST_IDS.ui.sparklineBand} />}
      <path className={styles.expected} d={drawn.expected} {...still} />
      <path className={styles.line} d={drawn.line} {...still} />
      {onsets.map((x) => (
        <line key={x} className={styles.onsetLine} x1={x} x2={x} y1={0} y2={100} {...still} />
      ))}
      {cursor !== undefined && <line className={styles.cursor} x1={cursor} x2={cursor} y1={0} y2={100} {...still} />}
    </svg>
  );
}

/** A line as wide as its place, with what was expected and where anomalies began. Where the pointer is, it tells the value. */
export function Sparkline(props: SparklineProps) {
  const { times, onsets = [], height = 32 } = props;
  const styles = useStyles2(getStyles);
  const [pointed, setPointed] = useState<number | undefined>();
  const drawn = useDrawn(props);
  if (drawn === undefined) {
    return (
      <div className={styles.root} style={{ height }} data-testid={TEST_IDS.ui.sparkline}>
        <div className={styles.nothing}>{t('ui.sparkline.nothing', 'No data in this time range')}</div>
      </div>
    );
  }
  const { scale } = drawn;
  const point = ({ currentTarget, clientX }: PointerEvent): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setPointed(nearestIndex(times, (clientX - left) / width));
  };
  const begun = onsets
    .filter((atMs) => atMs >= times[0] && atMs <= times[times.length - 1])
    .map((atMs) => scale.x(atMs));
  const index = pointed !== undefined && pointed < times.length ? pointed : undefined;
  return (
    <div
      className={styles.root}
      style={{ height }}
      data-testid={TEST_IDS.ui.sparkline}
      onPointerMove={point}
      onPointerLeave={() => setPointed(undefined)}
    >
      <Lines
        drawn={drawn}
        name={nameOf(props)}
        onsets={begun}
        cursor={index === undefined ? undefined : scale.x(times[index])}
      />
      {begun.map((x) => (
        <span key={x} className={styles.onset} style={{ left: `${x}%` }} data-testid={TEST_IDS.ui.sparklineOnset} />
      ))}
      {index !== undefined && <Readout index={index} props={props} />}
    </div>
  );
}
