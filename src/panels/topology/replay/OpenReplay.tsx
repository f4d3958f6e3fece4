import { css } from '@emotion/css';
import { useCallback, useMemo, useState } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Spinner, useStyles2 } from '@grafana/ui';
import { onEscape } from '../../../ui/on-escape.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { ChangeList } from './ChangeList.tsx';
import type { ReplaySlotProps } from './replayed.ts';
import { useSpan } from './span.ts';
import { changeBeside, rowAt } from './timeline.ts';
import { Track } from './Track.tsx';
import { CloseButton, Transport } from './Transport.tsx';
import { useHistory, type History, type HistoryReadings } from './use-history.ts';
import { usePosition } from './use-position.ts';
import { changesOf, useReplayed } from './use-replayed.ts';
import { countsAt, timeFormat } from './words.ts';

const ids = TEST_IDS.topology;

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    flexShrink: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
    marginTop: theme.spacing(0.5),
    // Clear of the frame.
    padding: theme.spacing(0.5, 0.75),
    borderTop: `1px solid ${theme.colors.border.weak}`,
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.primary,
  }),
  // Around the whole panel: whoever sees the graph alone must not take it for that of now.
  frame: css({
    position: 'absolute',
    inset: 0,
    zIndex: 3,
    pointerEvents: 'none',
    border: `2px dashed ${theme.colors.info.border}`,
    borderRadius: theme.shape.radius.default,
  }),
  ends: css({
    display: 'flex',
    justifyContent: 'space-between',
    margin: theme.spacing(0, 2),
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
  }),
  state: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  notes: css({ listStyle: 'none', margin: 0, color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
  unseen: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});

type OpenProps = ReplaySlotProps & { readonly onClose: () => void };

/** While there is nothing to slide over. */
function Waiting({ readings, onClose }: { readonly readings: HistoryReadings; readonly onClose: () => void }) {
  const styles = useStyles2(getStyles);
  const { history, retry } = readings;
  return (
    <div className={styles.state} data-testid={ids.replayState}>
      {history.state === 'loading' && (
        <>
          <Spinner inline />
          <span role="status">{t('topology.replay.loading', 'Reading the history…')}</span>
        </>
      )}
      {history.state === 'failed' && (
        <>
          <span role="alert">
            {t('topology.replay.failed', 'The history could not be read: {{reason}}', { reason: history.message })}
          </span>
          <Button size="sm" variant="secondary" onClick={retry}>
            {t('topology.replay.retry', 'Try again')}
          </Button>
        </>
      )}
      {history.state === 'known' && (
        <span role="status">{t('topology.replay.empty', 'There is no history in this time range.')}</span>
      )}
      <CloseButton onClose={onClose} />
    </div>
  );
}

/** What is known only in part. */
function notesOf({ history, traffic }: HistoryReadings): readonly string[] {
  if (history.state !== 'known') return [];
  const { leftOut, notes } = history.value;
  return [
    ...(leftOut > 0
      ? [
          t('topology.replay.left-out', 'Nodes without a history here, for there are too many: {{number}}', {
            number: leftOut,
          }),
        ]
      : []),
    ...(history.fault === undefined
      ? []
      : [t('topology.replay.stale', 'What has come since could not be read: {{reason}}', { reason: history.fault })]),
    ...(traffic.state === 'failed'
      ? [t('topology.replay.no-traffic', 'Traffic could not be read: {{reason}}', { reason: traffic.message })]
      : []),
    ...notes,
  ];
}

type KnownProps = OpenProps & {
  readonly history: History;
  readonly readings: HistoryReadings;
  readonly isLiveRange: boolean;
};

function Replay({ history, readings, isLiveRange, graph, timeZone, width, onReplay, onSelect, onClose }: KnownProps) {
  const styles = useStyles2(getStyles);
  const { timeline } = history;
  const position = usePosition(timeline, isLiveRange);
  const [pinnedMs, setPinned] = useState<number | undefined>();
  const format = useMemo(() => timeFormat(timeline, timeZone), [timeline, timeZone]);
  const { row } = position;
  const last = timeline.times.length - 1;
  const pinnedRow = pinnedMs === undefined ? undefined : rowAt(timeline, pinnedMs);
  // Only a comparison with now is another at each update.
  const graphOfNow = row === undefined ? graph : undefined;
  const changes = useMemo(
    () => (pinnedRow === undefined ? undefined : changesOf(timeline, graphOfNow, { pinnedRow, row })),
    [timeline, graphOfNow, pinnedRow, row],
  );
  const traffic = readings.traffic.state === 'known' ? readings.traffic.value : undefined;
  useReplayed({ timeline, row, traffic, changes }, onReplay);
  const from = row ?? last + 1;
  const pin = useCallback(
    () => setPinned((before) => (before === undefined ? timeline.times[row ?? last] : undefined)),
    [timeline, row, last],
  );
  const timeText = (at: number | undefined): string =>
    at === undefined ? t('topology.replay.now', 'now') : format(timeline.times[at]);
  const pair = [pinnedRow, row].sort((a, b) => (a ?? Infinity) - (b ?? Infinity)).map(timeText);
  return (
    <>
      {row !== undefined && <div className={styles.frame} data-testid={ids.replayFrame} />}
      <span className={styles.unseen} role="status">
        {row === undefined ? '' : t('topology.replay.is-past', 'Replay: the graph shows another time than now')}
      </span>
      <Transport
        position={position}
        row={from}
        hasPrevious={changeBeside(timeline, from, -1) !== undefined}
        hasNext={row !== undefined && changeBeside(timeline, from, 1) !== undefined}
        time={row === undefined ? undefined : format(timeline.times[row])}
        counts={countsAt(timeline, row ?? last)}
        isPinned={pinnedRow !== undefined}
        onPin={pin}
        onClose={onClose}
      />
      <Track {...{ history, position, pinnedRow, isLiveRange, format, width }} />
      <div className={styles.ends} aria-hidden="true">
        <span>{format(timeline.times[0])}</span>
        <span>{isLiveRange ? t('topology.replay.now', 'now') : format(timeline.times[last])}</span>
      </div>
      {changes !== undefined && (
        <ChangeList changes={changes} graph={graph} times={[pair[0], pair[1]]} onSelect={onSelect} />
      )}
    </>
  );
}

/** The time slider, opened: mounted only then, so that nothing is asked before. */
export function OpenReplay(props: OpenProps) {
  const { source, timeRange, graph, onClose } = props;
  const styles = useStyles2(getStyles);
  const span = useSpan(timeRange);
  const readings = useHistory({ source, span, graph });
  const { history } = readings;
  const notes = notesOf(readings);
  return (
    <section
      className={styles.bar}
      aria-label={t('topology.replay.title', 'Replay')}
      onKeyDown={onEscape(onClose)}
      data-testid={ids.replayBar}
    >
      {history.state === 'known' && history.value.timeline.times.length > 0 ? (
        <Replay {...props} history={history.value} readings={readings} isLiveRange={span.isLive} />
      ) : (
        <Waiting readings={readings} onClose={onClose} />
      )}
      {notes.length > 0 && (
        <ul className={styles.notes}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
