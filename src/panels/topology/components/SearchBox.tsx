import { css, cx } from '@emotion/css';
import { useId, useState, type KeyboardEvent } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, Input, useStyles2 } from '@grafana/ui';
import { StatusIcon } from '../../../ui/StatusIcon.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { GraphNode } from '../graph.ts';

interface SearchBoxProps {
  readonly text: string;
  /** What the text finds, best first; undefined while there is no text. */
  readonly found: readonly GraphNode[] | undefined;
  readonly onText: (text: string) => void;
  readonly onPick: (id: string) => void;
}

const MAX_SUGGESTIONS = 8;

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ position: 'relative', flex: '1 1 140px', minWidth: 100, maxWidth: 260 }),
  list: css({
    position: 'absolute',
    top: '100%',
    left: 0,
    zIndex: 5,
    minWidth: '100%',
    maxWidth: 360,
    maxHeight: 'calc(var(--topology-height) - 48px)',
    overflow: 'auto',
    listStyle: 'none',
    margin: 0,
    background: theme.colors.background.elevated,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
  }),
  option: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    padding: theme.spacing(0.5, 1),
    cursor: 'pointer',
    overflowWrap: 'anywhere',
    '&:hover': { background: theme.colors.action.hover },
  }),
  active: css({ background: theme.colors.action.focus, '& span': { color: theme.colors.text.primary } }),
  secondary: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});

/** The list of suggestions under the text: which of them is active, and what keys do to it. */
function useSuggestions({ text, found = [], onText, onPick }: SearchBoxProps) {
  const [active, setActive] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const suggestions = isOpen ? found.slice(0, MAX_SUGGESTIONS) : [];
  const pick = (node: GraphNode | undefined): void => {
    if (node === undefined) return;
    setOpen(false);
    onPick(node.id);
  };
  const change = (next: string): void => {
    setOpen(next !== '');
    setActive(0);
    onText(next);
  };
  const step = (by: number): void => {
    setOpen(text !== '');
    if (suggestions.length > 0) setActive((active + by + suggestions.length) % suggestions.length);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => pick(isOpen ? suggestions[active] : found[0]),
    Escape: () => change(''),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!Object.hasOwn(keys, event.key) || (event.key === 'Escape' && text === '')) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };
  return { suggestions, active, pick, change, onKeyDown, close: () => setOpen(false) };
}

/** Dims what the text does not find, as it is typed; a suggestion, or Enter, goes to a node. */
export function SearchBox(props: SearchBoxProps) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const { suggestions, active, pick, change, onKeyDown, close } = useSuggestions(props);
  const isShown = suggestions.length > 0;
  return (
    <div className={styles.box}>
      <Input
        value={props.text}
        prefix={<Icon name="search" />}
        placeholder={t('topology.search.placeholder', 'Find a node')}
        aria-label={t('topology.search.label', 'Find a node')}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={`${id}list`}
        aria-activedescendant={isShown ? `${id}${active}` : undefined}
        onChange={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={close}
        data-testid={TEST_IDS.topology.search}
      />
      <ul
        id={`${id}list`}
        role="listbox"
        aria-label={t('topology.search.suggestions', 'Nodes found')}
        className={styles.list}
        hidden={!isShown}
      >
        {suggestions.map((node, index) => (
          <Suggestion key={node.id} id={`${id}${index}`} node={node} isActive={index === active} onPick={pick} />
        ))}
      </ul>
    </div>
  );
}

interface SuggestionProps {
  readonly id: string;
  readonly node: GraphNode;
  readonly isActive: boolean;
  readonly onPick: (node: GraphNode) => void;
}

function Suggestion({ id, node, isActive, onPick }: SuggestionProps) {
  const styles = useStyles2(getStyles);
  return (
    <li
      id={id}
      role="option"
      aria-selected={isActive}
      className={cx(styles.option, isActive && styles.active)}
      // Before the input loses its focus, and with it the list.
      onMouseDown={(event) => {
        event.preventDefault();
        onPick(node);
      }}
    >
      {node.status !== undefined && <StatusIcon status={node.status} size={14} />}
      <span>{node.title}</span>
      <span className={styles.secondary}>{node.subtitle}</span>
    </li>
  );
}
