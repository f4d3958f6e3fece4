import { css, cx } from '@emotion/css';
import { memo, useMemo, type KeyboardEvent } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { StatusIcon } from '../../../ui/StatusIcon.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { marksOf } from './marks.ts';
import { Strip } from './Strip.tsx';
import type { History } from './use-history.ts';
import type { PositionState } from './use-position.ts';
import { fractionalRow, rowText, stripText } from './words.ts';

const ids = TEST_IDS.topology;
/** Width of the native slider's thumb: its middle stands half of it away from the ends. */
const THUMB = 16;
const STRIP = 36;
const MARK = 12;
/** Steps of PageUp and PageDown, as a share of all. */
const PAGES = 10;

const getStyles = (theme: GrafanaTheme2) => {
  const thumb = { appearance: 'none', width: THUMB, height: STRIP, border: 0, background: 'transparent' } as const;
  return {
    track: css({
      position: 'relative',
      margin: theme.spacing(0, 1),
      '&:focus-within': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 1 },
    }),
    inner: css({ position: 'relative', margin: `0 ${THUMB / 2}px` }),
    marks: css({ position: 'relative', height: MARK, pointerEvents: 'none' }),
    mark: css({ position: 'absolute', top: 0, transform: 'translateX(-50%)', lineHeight: 0 }),
    strip: css({
      display: 'block',
      width: '100%',
      height: STRIP,
      background: theme.colors.background.secondary,
    }),
    line: css({ position: 'absolute', top: 0, bottom: 0, width: 2, marginLeft: -1, pointerEvents: 'none' }),
    head: css({
      background: theme.colors.text.maxContrast,
      '&::before': {
        content: '""',
        position: 'absolute',
        top: 0,
        left: -4,
        borderLeft: '5px solid transparent',
        borderRight: '5px solid transparent',
        borderTop: `8px solid ${theme.colors.text.maxContrast}`,
      },
    }),
    pin: css({ borderLeft: `2px dashed ${theme.colors.info.text}` }),
    slider: css({
      appearance: 'none',
      position: 'absolute',
      inset: 0,
      width: '100%',
      height: '100%',
      margin: 0,
      opacity: 0,
      cursor: 'ew-resize',
      touchAction: 'pan-y',
      '&::-webkit-slider-thumb': thumb,
      '&::-moz-range-thumb': thumb,
    }),
  };
};

interface TrackProps {
  readonly history: History;
  readonly position: PositionState;
  readonly pinnedRow: number | undefined;
  readonly isLiveRange: boolean;
  readonly format: (atMs: number) => string;
  /** CSS pixels of the panel. */
  readonly width: number;
}

type MarksProps = Pick<TrackProps, 'history' | 'width'>;

const Marks = memo(function Marks({ history: { timeline, events }, width }: MarksProps) {
  const styles = useStyles2(getStyles);
  const { times } = timeline;
  const most = Math.max(1, Math.floor(width / (MARK + 2)));
  const marks = useMemo(
    () => marksOf(events, { fromMs: times[0], toMs: times[times.length - 1], most }),
    [events, times, most],
  );
  return (
    <div className={styles.marks} aria-hidden="true">
      {marks.map(({ atMs, status }) => (
        <span
          key={atMs}
          className={styles.mark}
          style={{ left: share(fractionalRow(timeline, atMs), times.length) }}
          data-testid={ids.replayMark}
        >
          <StatusIcon status={status} size={MARK - 1} isNamed={false} />
        </span>
      ))}
    </div>
  );
});

/** The slot of now is one more where the range ends now. */
const share = (row: number, most: number): string => `${(row / Math.max(1, most)) * 100}%`;

function keyStep(key: string, { row, last }: { row: number; last: number }): number | undefined {
  const page = Math.max(1, Math.round(last / PAGES));
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: row - 1,
    ArrowDown: row - 1,
    ArrowRight: row + 1,
    ArrowUp: row + 1,
    PageDown: row - page,
    PageUp: row + page,
    Home: 0,
    End: last,
  };
  const to = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return to === undefined ? undefined : Math.min(last, Math.max(0, to));
}

/** The slider over the picture of when something was wrong. */
export function Track({ history, position, pinnedRow, isLiveRange, format, width }: TrackProps) {
  const styles = useStyles2(getStyles);
  const { timeline, events } = history;
  const rows = timeline.times.length;
  const last = isLiveRange ? rows : rows - 1;
  const row = position.row ?? last;
  const label = useMemo(() => stripText(timeline, events.length, format), [timeline, events, format]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const to = keyStep(event.key, { row, last });
    if (to === undefined && event.key !== ' ') return;
    event.preventDefault();
    if (to === undefined) position.togglePlay();
    else position.goTo(to);
  };
  return (
    <div className={styles.track}>
      <div className={styles.inner}>
        <Marks history={history} width={width} />
        <Strip timeline={timeline} label={label} className={styles.strip} />
        {pinnedRow !== undefined && (
          <span className={cx(styles.line, styles.pin)} style={{ left: share(pinnedRow + 0.5, rows) }} />
        )}
        <span className={cx(styles.line, styles.head)} style={{ left: share(Math.min(row + 0.5, rows), rows) }} />
      </div>
      <input
        type="range"
        className={styles.slider}
        min={0}
        max={last}
        step={1}
        value={row}
        aria-label={t('topology.replay.slider', 'Time that is shown')}
        aria-valuetext={rowText(timeline, position.row, format)}
        onChange={({ target }) => position.goTo(Number(target.value))}
        onKeyDown={onKeyDown}
        data-testid={ids.replaySlider}
      />
    </div>
  );
}
