import { css } from '@emotion/css';
import { memo, useId, useState } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { isFiltering } from '../filtering.ts';
import type { GraphNode } from '../graph.ts';
import { FilterForm, type FilterFormProps } from './FilterForm.tsx';
import { GraphTools, ViewTools, type GraphToolsProps, type ViewToolsProps } from './tools.tsx';
import { SearchBox } from './SearchBox.tsx';
import { Sheet } from './Sheet.tsx';
import { ToolButton } from './ToolButton.tsx';

export interface ToolbarProps extends FilterFormProps, Omit<GraphToolsProps, 'isNamed'>, ViewToolsProps {
  /** CSS pixels of the panel. */
  readonly width: number;
  readonly found: readonly GraphNode[] | undefined;
  readonly onPick: (id: string) => void;
}

/** Below it, all but the search and the view's buttons go into a menu. */
const COMPACT_PX = 480;
const ids = TEST_IDS.topology;

const getStyles = (theme: GrafanaTheme2) => ({
  toolbar: css({
    position: 'relative',
    // Its sheets hang over what comes after it.
    zIndex: 1,
    display: 'flex',
    flexWrap: 'nowrap',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0, 0, 0.5),
  }),
  rest: css({ flex: '1 0 0' }),
  column: css({ display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: theme.spacing(0.5) }),
});

type Open = 'filter' | 'menu';

interface SheetsProps {
  readonly toolbar: ToolbarProps;
  readonly open: Open | undefined;
  readonly id: string;
  readonly side: 'left' | 'right';
  readonly onClose: () => void;
}

function Sheets({ toolbar, open, ...sheet }: SheetsProps) {
  const styles = useStyles2(getStyles);
  switch (open) {
    case undefined:
      return null;
    case 'filter':
      return (
        <Sheet {...sheet} label={t('topology.toolbar.filter-form', 'Filter of the graph')} testId={ids.filterForm}>
          <FilterForm {...toolbar} />
        </Sheet>
      );
    case 'menu':
      return (
        <Sheet {...sheet} label={t('topology.toolbar.menu', 'More')} testId={ids.menuSheet}>
          <div className={styles.column}>
            <GraphTools {...toolbar} isNamed />
          </div>
        </Sheet>
      );
  }
}

/** One line above the graph. Most of what it is given stays the same while data updates. */
export const Toolbar = memo(function Toolbar(props: ToolbarProps) {
  const { width, filter, found, onFilter, onPick } = props;
  const styles = useStyles2(getStyles);
  const sheet = useId();
  const [wanted, setOpen] = useState<Open | undefined>();
  const isCompact = width < COMPACT_PX;
  const open = isCompact || wanted !== 'menu' ? wanted : undefined;
  const toggle = (what: Open): void => setOpen(open === what ? undefined : what);
  const isOn = isFiltering(filter);
  return (
    <div
      role="group"
      aria-label={t('topology.toolbar.title', 'Graph controls')}
      className={styles.toolbar}
      data-testid={ids.toolbar}
    >
      <SearchBox text={filter.search} found={found} onText={(search) => onFilter({ search })} onPick={onPick} />
      <ToolButton
        icon="filter"
        label={isOn ? t('topology.toolbar.filter-on', 'Filter (on)') : t('topology.toolbar.filter', 'Filter')}
        isOn={open === 'filter' || isOn}
        opens={sheet}
        isOpen={open === 'filter'}
        onClick={() => toggle('filter')}
        testId={ids.filter}
      />
      {!isCompact && <GraphTools {...props} isNamed={false} />}
      <span className={styles.rest} />
      <ViewTools {...props} />
      {isCompact && (
        <ToolButton
          icon="ellipsis-v"
          label={t('topology.toolbar.menu', 'More')}
          isOn={open === 'menu'}
          opens={sheet}
          isOpen={open === 'menu'}
          onClick={() => toggle('menu')}
          testId={ids.menu}
        />
      )}
      <Sheets
        toolbar={props}
        open={open}
        id={sheet}
        side={isCompact ? 'right' : 'left'}
        onClose={() => setOpen(undefined)}
      />
    </div>
  );
});
