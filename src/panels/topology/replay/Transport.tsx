import { css } from '@emotion/css';
import { memo } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Icon, useStyles2 } from '@grafana/ui';
import { statusText } from '../../../ui/status.ts';
import { StatusIcon } from '../../../ui/StatusIcon.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { ToolButton } from '../components/ToolButton.tsx';
import { SPEEDS, type PositionState } from './use-position.ts';
import type { Counts } from './words.ts';

const ids = TEST_IDS.topology;

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0.25, 0.5) }),
  chip: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.25, 1),
    borderRadius: theme.shape.radius.pill,
    fontWeight: theme.typography.fontWeightMedium,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
  live: css({ background: theme.colors.background.secondary, color: theme.colors.text.primary }),
  past: css({ background: theme.colors.info.main, color: theme.colors.info.contrastText }),
  counts: css({ display: 'inline-flex', gap: theme.spacing(1), fontVariantNumeric: 'tabular-nums' }),
  count: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.25) }),
  end: css({ marginLeft: 'auto', display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.25) }),
});

interface ChipProps {
  /** Of what is shown; undefined: now. */
  readonly time: string | undefined;
}

/** Says which time the graph is of. */
function TimeChip({ time }: ChipProps) {
  const styles = useStyles2(getStyles);
  const isLive = time === undefined;
  return (
    <span className={`${styles.chip} ${isLive ? styles.live : styles.past}`} data-testid={ids.replayChip}>
      <Icon name={isLive ? 'circle' : 'history'} size="sm" />
      {isLive ? t('topology.replay.live', 'Live') : t('topology.replay.replay-at', 'Replay {{time}}', { time })}
    </span>
  );
}

/** How many fared badly at the time that is shown. */
const CountsAt = memo(function CountsAt({ counts }: { readonly counts: Counts }) {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.counts}>
      {(['failed', 'degraded', 'unknown'] as const).map((status) => (
        <span key={status} className={styles.count} title={statusText(status)} data-testid={ids.replayCount(status)}>
          <StatusIcon status={status} size={14} />
          {counts[status]}
        </span>
      ))}
    </span>
  );
});

interface MovesProps {
  readonly position: PositionState;
  readonly row: number;
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
}

function Moves({ position, row, hasPrevious, hasNext }: MovesProps) {
  const { isPlaying, togglePlay, toChange } = position;
  const playLabel = isPlaying ? t('topology.replay.pause', 'Pause') : t('topology.replay.play', 'Play');
  return (
    <>
      <ToolButton
        icon="angle-left"
        label={t('topology.replay.previous', 'Previous change')}
        isDisabled={!hasPrevious}
        onClick={() => toChange(row, -1)}
        testId={ids.replayPrevious}
      />
      <ToolButton icon={isPlaying ? 'pause' : 'play'} label={playLabel} onClick={togglePlay} testId={ids.replayPlay} />
      <ToolButton
        icon="angle-right"
        label={t('topology.replay.next', 'Next change')}
        isDisabled={!hasNext}
        onClick={() => toChange(row, 1)}
        testId={ids.replayNext}
      />
    </>
  );
}

/** A click takes the next speed: three buttons would not fit into a narrow panel. */
function SpeedButton({ speed, setSpeed }: Pick<PositionState, 'speed' | 'setSpeed'>) {
  const text = t('topology.replay.speed-value', '{{speed}}×', { speed });
  return (
    <Button
      size="sm"
      variant="secondary"
      fill="text"
      aria-label={t('topology.replay.speed', '{{text}} speed', { text })}
      tooltip={t('topology.replay.speed-hint', 'Speed of the replay')}
      onClick={() => setSpeed(SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length])}
      data-testid={ids.replaySpeed}
    >
      {text}
    </Button>
  );
}

interface TransportProps extends MovesProps {
  readonly time: string | undefined;
  readonly counts: Counts;
  readonly isPinned: boolean;
  readonly onPin: () => void;
  readonly onClose: () => void;
}

/** Which time is shown, and the buttons that change it. */
export function Transport(props: TransportProps) {
  const { position, time, counts, isPinned, onPin, onClose } = props;
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.row}>
      <TimeChip time={time} />
      <CountsAt counts={counts} />
      <Moves {...props} />
      <SpeedButton speed={position.speed} setSpeed={position.setSpeed} />
      <ToolButton
        icon="exchange-alt"
        label={
          isPinned ? t('topology.replay.unpin', 'Stop comparing') : t('topology.replay.pin', 'Compare with this time')
        }
        isOn={isPinned}
        onClick={onPin}
        testId={ids.replayPin}
      />
      <span className={styles.end}>
        {time !== undefined && (
          <Button size="sm" variant="primary" icon="sync" onClick={position.live} data-testid={ids.replayLive}>
            {t('topology.replay.go-live', 'Go live')}
          </Button>
        )}
        <CloseButton onClose={onClose} />
      </span>
    </div>
  );
}

export const CloseButton = ({ onClose }: { readonly onClose: () => void }) => (
  <ToolButton
    icon="times"
    label={t('topology.replay.close', 'Close the replay')}
    onClick={onClose}
    testId={ids.replayClose}
  />
);
