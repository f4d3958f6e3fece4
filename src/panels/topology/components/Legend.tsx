import { css, cx } from '@emotion/css';
import { memo } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import type { Status } from '@topdeck/protocol';
import { statusText } from '../../../ui/status.ts';
import { StatusIcon } from '../../../ui/StatusIcon.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { LegendEntry } from '../model/legend.ts';
import { markText } from '../state-words.ts';
import { MarkIcon } from './MarkIcon.tsx';

interface LegendProps {
  readonly entries: readonly LegendEntry[];
  readonly statuses: readonly Status[];
  readonly onToggle: (status: Status) => void;
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.25, 1),
    listStyle: 'none',
    margin: 0,
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.primary,
  }),
  entry: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.25, 0.5),
    whiteSpace: 'nowrap',
  }),
  button: css({
    border: '1px solid transparent',
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    font: 'inherit',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  pressed: css({ borderColor: theme.colors.primary.border, background: theme.colors.action.selected }),
  swatch: css({ width: 10, height: 10, borderRadius: theme.shape.radius.circle }),
});

interface EntryProps<Kind extends LegendEntry['kind']> extends Omit<LegendProps, 'entries'> {
  readonly entry: Extract<LegendEntry, { kind: Kind }>;
}

function StatusEntry({ entry: { status, count }, statuses, onToggle }: EntryProps<'status'>) {
  const styles = useStyles2(getStyles);
  const isPressed = statuses.includes(status);
  return (
    <button
      type="button"
      className={cx(styles.entry, styles.button, isPressed && styles.pressed)}
      aria-pressed={isPressed}
      title={t('topology.legend.filter', 'Show these alone')}
      onClick={() => onToggle(status)}
      data-testid={TEST_IDS.topology.legendStatus(status)}
    >
      <StatusIcon status={status} isNamed={false} size={14} />
      {statusText(status)} <span>{count}</span>
    </button>
  );
}

function Entry({ entry, ...props }: EntryProps<LegendEntry['kind']>) {
  const styles = useStyles2(getStyles);
  switch (entry.kind) {
    case 'status':
      return <StatusEntry entry={entry} {...props} />;
    case 'mark':
      return (
        <span className={styles.entry}>
          <MarkIcon mark={entry.mark} />
          {markText(entry.mark)} <span>{entry.count}</span>
        </span>
      );
    case 'arc':
      return (
        <span className={styles.entry}>
          <span className={styles.swatch} style={{ background: entry.color }} />
          {entry.label} <span>{`${Math.round(entry.share * 100)} %`}</span>
        </span>
      );
  }
}

const keyOf = (entry: LegendEntry): string =>
  `${entry.kind} ${entry.kind === 'status' ? entry.status : entry.kind === 'mark' ? entry.mark : entry.label}`;

/** What colours and shapes mean, how many there are of each, and, for a status, a click to see these alone. */
export const Legend = memo(function Legend({ entries, ...props }: LegendProps) {
  const styles = useStyles2(getStyles);
  if (entries.length === 0) return null;
  return (
    <ul
      className={styles.legend}
      aria-label={t('topology.legend.title', 'Legend')}
      data-testid={TEST_IDS.topology.legend}
    >
      {entries.map((entry) => (
        <li key={keyOf(entry)}>
          <Entry entry={entry} {...props} />
        </li>
      ))}
    </ul>
  );
});
