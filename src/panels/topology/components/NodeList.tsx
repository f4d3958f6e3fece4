import { css } from '@emotion/css';
import { useMemo, useRef } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { healthRank } from '../../../ui/status.ts';
import { StatusText } from '../../../ui/StatusText.tsx';
import type { TableColumn } from '../../../ui/table/column.ts';
import { VirtualTable } from '../../../ui/table/VirtualTable.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Graph, GraphNode } from '../graph.ts';
import type { BuiltScene } from '../model/build-scene.ts';
import { useSize } from '../stage/use-size.ts';
import { degreeOf, markText, type Degree } from '../state-words.ts';

interface NodeListProps {
  readonly built: BuiltScene;
  readonly selected: string | undefined;
  readonly onOpen: (index: number) => void;
}

interface Row extends Degree {
  readonly node: GraphNode;
  /** In the graph that is shown. */
  readonly index: number;
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ position: 'absolute', inset: 0, background: theme.colors.background.primary }),
});

const columns = (): readonly TableColumn<Row>[] => [
  {
    id: 'status',
    header: t('topology.list.status', 'Status'),
    width: 110,
    render: ({ node: { status } }) => status && <StatusText status={status} />,
    sortValue: ({ node: { status } }) => status && healthRank(status),
    firstDirection: 'desc',
  },
  {
    id: 'title',
    header: t('topology.list.node', 'Node'),
    width: 140,
    flex: 3,
    render: ({ node }) => node.title,
    sortValue: ({ node }) => node.title,
  },
  {
    id: 'subtitle',
    header: t('topology.list.type', 'Type'),
    width: 100,
    flex: 1,
    render: ({ node }) => node.subtitle,
    sortValue: ({ node }) => node.subtitle,
  },
  {
    id: 'mark',
    header: t('topology.list.mark', 'In an incident'),
    width: 120,
    render: ({ node }) => markText(node.mark),
    sortValue: ({ node }) => (node.mark === 'none' ? undefined : node.mark),
  },
  {
    id: 'main',
    header: t('topology.list.value', 'Value'),
    width: 90,
    align: 'right',
    render: ({ node }) => node.main,
  },
  {
    id: 'callers',
    header: t('topology.list.callers', 'Called by'),
    width: 90,
    align: 'right',
    render: ({ callers }) => callers,
    sortValue: ({ callers }) => callers,
    firstDirection: 'desc',
  },
  {
    id: 'called',
    header: t('topology.list.called', 'Calls'),
    width: 80,
    align: 'right',
    render: ({ called }) => called,
    sortValue: ({ called }) => called,
    firstDirection: 'desc',
  },
];

const rowsOf = (graph: Graph, nodeOf: Uint32Array): readonly Row[] =>
  Array.from(nodeOf, (index) => ({ node: graph.nodes[index], index, ...degreeOf(graph, index) }));

/** The nodes that are shown, in words: for those who do not see the graph, and for those who look for the worst. */
export function NodeList({ built, selected, onOpen }: NodeListProps) {
  const styles = useStyles2(getStyles);
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const own = useMemo(columns, []);
  const { graph } = built.input;
  const rows = useMemo(() => rowsOf(graph, built.nodeOf), [graph, built.nodeOf]);
  return (
    <div ref={host} className={styles.list}>
      {size !== undefined && (
        <VirtualTable
          label={t('topology.list.title', 'Nodes of the graph')}
          rows={rows}
          columns={own}
          rowKey={({ node }) => node.id}
          width={size.width}
          height={size.height}
          sort={{ columnId: 'status', direction: 'desc' }}
          onOpen={({ index }) => onOpen(index)}
          selectedKey={selected}
          emptyText={t('topology.list.empty', 'The filter lets no node through.')}
          testId={TEST_IDS.topology.listTable}
        />
      )}
    </div>
  );
}
