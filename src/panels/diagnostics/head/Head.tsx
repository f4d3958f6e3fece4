import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import type { Status } from '@topdeck/protocol';
import type { BridgeReading, LiveState } from '../connection-state.ts';
import { overallHealth, type StatusCounts } from '../health.ts';
import type { ShownParts } from '../parts.ts';
import type { Problem, QueryState, QueryStates } from '../queries.ts';
import { ConnectionChip } from './ConnectionChip.tsx';
import { Counts } from './Counts.tsx';
import { Overall } from './Overall.tsx';
import { Problems } from './Problems.tsx';
import { RefreshButton, RefreshFault } from './RefreshButton.tsx';
import type { Refresh } from './use-refresh.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.75), flexShrink: 0 }),
  line: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1, 2) }),
  below: css({ order: 1, flexBasis: '100%' }),
  end: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), marginLeft: 'auto', minWidth: 0 }),
  alone: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0 }),
});

export interface HeadProps {
  readonly parts: ShownParts;
  readonly states: QueryStates;
  readonly problems: readonly Problem[];
  readonly reading: BridgeReading | undefined;
  readonly live: LiveState;
  readonly counts: StatusCounts | undefined;
  readonly refresh: Refresh;
  readonly chosen: ReadonlySet<string>;
  readonly onToggleStatus: ((status: Status) => void) | undefined;
  readonly width: number;
  readonly height: number;
}

/** A chip alone leaves no room for what its popover has, too. */
const ROOMY = { width: 220, height: 64 } as const;
/** Below it the counts are numbers with their shapes, on a line of their own. */
const WORDS_FROM_PX = 720;

function absence({ state, errors }: QueryState): string {
  if (errors.length > 0) return errors[0].message;
  if (state === 'loading') return t('diagnostics.connection.loading', 'The connection is being asked for');
  return t('diagnostics.connection.not-asked', 'Add a query of the type Connection to see the way to the bridge.');
}

function noHealth({ services, connection }: QueryStates): string {
  const states = [services.state, connection.state];
  if (states.includes('loading')) return t('diagnostics.message.loading', 'Waiting for the first data…');
  if (states.every((state) => state === 'not asked')) {
    return t('diagnostics.overall.not-asked', 'Add a query of the type Services or Connection');
  }
  return t('diagnostics.overall.no-answer', 'Nothing is known');
}

/** What is seen at a glance. */
export function Head(props: HeadProps) {
  const styles = useStyles2(getStyles);
  const { parts, states, problems, reading, live, counts, refresh, chosen, onToggleStatus, width, height } = props;
  const isRoomy = width >= ROOMY.width && height >= ROOMY.height;
  const isNarrow = width < WORDS_FROM_PX;
  const isWarmingUp = reading?.table.flag('warming_up', 0) === true;
  return (
    <div className={styles.root}>
      <div className={styles.line}>
        {parts.overall && (
          <Overall
            health={overallHealth(reading?.table, counts)}
            absence={noHealth(states)}
            {...{ counts, isWarmingUp }}
          />
        )}
        {parts.counts && counts && (
          <div className={isNarrow ? styles.below : undefined}>
            <Counts counts={counts} chosen={chosen} onToggle={onToggleStatus} isBrief={isNarrow} />
          </div>
        )}
        {parts.connection && (
          <div className={parts.overall || parts.counts ? styles.end : styles.alone}>
            <ConnectionChip
              reading={reading}
              live={live}
              refresh={refresh}
              absence={absence(states.connection)}
              width={width}
            />
            {isRoomy && <RefreshButton refresh={refresh} isNamed={false} />}
          </div>
        )}
      </div>
      {isRoomy && <RefreshFault refresh={refresh} />}
      {isRoomy && <Problems problems={problems} />}
    </div>
  );
}
