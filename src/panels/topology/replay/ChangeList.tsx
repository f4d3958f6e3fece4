import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2, type IconName } from '@grafana/ui';
import { StatusIcon } from '../../../ui/StatusIcon.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Graph } from '../graph.ts';
import type { Change, ChangeKind } from '../model/changes.ts';
import { changeText } from './words.ts';

/** More than these nobody reads through; the worst are first. */
const MOST = 100;

const ICONS: Readonly<Record<ChangeKind, IconName>> = {
  worse: 'arrow-down',
  better: 'arrow-up',
  appeared: 'plus',
  disappeared: 'minus',
};
const KINDS: Readonly<Record<ChangeKind, () => string>> = {
  worse: () => t('topology.replay.worse', 'Worse'),
  better: () => t('topology.replay.better', 'Better'),
  appeared: () => t('topology.replay.appeared', 'Appeared'),
  disappeared: () => t('topology.replay.disappeared', 'Disappeared'),
};

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    margin: 0,
    maxHeight: 'min(132px, calc(var(--topology-height, 400px) * 0.3))',
    overflow: 'auto',
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 280px), 1fr))',
    gap: theme.spacing(0, 1),
  }),
  change: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    width: '100%',
    padding: theme.spacing(0.25, 0.5),
    border: 0,
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: theme.colors.text.primary,
    font: 'inherit',
    textAlign: 'left',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  name: css({ flex: '1 1 auto', minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  words: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});

interface ChangeListProps {
  readonly changes: readonly Change[];
  readonly graph: Graph;
  /** In words, the earlier first. */
  readonly times: readonly [string, string];
  readonly onSelect: ((nodeId: string) => void) | undefined;
}

/** What fared otherwise at one time than at another: what became worse first. */
export function ChangeList({ changes, graph, times, onSelect }: ChangeListProps) {
  const styles = useStyles2(getStyles);
  const titleOf = (id: string): string => graph.nodes[graph.indexOf.get(id) ?? -1]?.title ?? id;
  const [from, to] = times;
  const title = t('topology.replay.changes', 'What changed from {{from}} to {{to}}: {{count}}', {
    from,
    to,
    count: changes.length,
  });
  return (
    <section aria-label={title} data-testid={TEST_IDS.topology.replayChanges}>
      <div>{title}</div>
      <ul className={styles.list}>
        {changes.slice(0, MOST).map((change) => (
          <li key={change.id}>
            <button
              type="button"
              className={styles.change}
              onClick={() => onSelect?.(change.id)}
              data-testid={TEST_IDS.topology.replayChange}
            >
              <Icon name={ICONS[change.kind]} title={KINDS[change.kind]()} />
              {change.after && <StatusIcon status={change.after.status} size={14} isNamed={false} />}
              <span className={styles.name}>{titleOf(change.id)}</span>
              <span className={styles.words}>{changeText(change)}</span>
            </button>
          </li>
        ))}
      </ul>
      {changes.length > MOST && (
        <div>{t('topology.replay.more-changes', 'Further: {{number}}', { number: changes.length - MOST })}</div>
      )}
    </section>
  );
}
