import type { TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import { DetailDrawer } from '../../../ui/detail/DetailDrawer.tsx';
import type { Subject } from '../../../ui/detail/subject.ts';
import type { DiagnosticsSource } from '../../../ui/source.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { linksOfRow } from '../data-links.ts';
import type { Graph } from '../graph.ts';
import type { Grouped } from '../model/group-graph.ts';
import type { Opened } from '../state/use-selected.ts';
import { edgeDetails, edgeTitle, nodeDetails, describeNode } from '../state-words.ts';
import { DetailsCard } from './DetailsCard.tsx';
import { LinkStrip } from './LinkStrip.tsx';

export interface DetailsProps {
  readonly opened: Opened;
  readonly grouped: Grouped;
  readonly source: DiagnosticsSource | undefined;
  readonly timeRange: TimeRange;
  readonly panelWidth: number;
  readonly onClose: () => void;
  readonly onSelect: (id: string) => void;
  readonly onExpand: (groupId: string) => void;
}

/** What of a data source that knows more than its frames is looked at; undefined of what is only of this panel. */
function subjectOf(opened: Opened, { graph }: Grouped): Subject | undefined {
  if (opened.kind === 'group') return undefined;
  // Also one that the query or the filter left out: the drawer's lists lead to those.
  if (opened.kind === 'node') return { kind: 'service', id: opened.id };
  const edge = graph.edges.find(({ id }) => id === opened.id);
  if (edge === undefined || edge.row < 0) return undefined;
  return { kind: 'edge', sourceId: graph.nodes[edge.source].id, targetId: graph.nodes[edge.target].id };
}

function linksOf(opened: Opened, { graph, base }: Grouped) {
  const { frames } = base;
  if (opened.kind === 'edge') {
    const edge = graph.edges.find(({ id }) => id === opened.id);
    return edge === undefined || edge.row < 0 ? [] : linksOfRow(frames.edges, edge.row);
  }
  const node = base.nodes[base.indexOf.get(opened.id) ?? -1];
  return node === undefined ? [] : linksOfRow(frames.nodes, node.row);
}

/** Beside the graph: what is known of the node or the edge that was clicked. */
export function Details(props: DetailsProps) {
  const { opened, grouped, source, timeRange, panelWidth, onClose, onSelect } = props;
  const subject = subjectOf(opened, grouped);
  if (source === undefined || subject === undefined) return <Card {...props} />;
  return (
    <>
      <DetailDrawer {...{ subject, source, timeRange, panelWidth, onClose, onSelect }} />
      <LinkStrip links={linksOf(opened, grouped)} />
    </>
  );
}

function Card(props: DetailsProps) {
  const { opened, grouped, onClose } = props;
  const links = linksOf(opened, grouped);
  switch (opened.kind) {
    case 'edge':
      return <EdgeCard {...{ id: opened.id, graph: grouped.graph, links, onClose }} />;
    case 'node': {
      const node = grouped.base.nodes[grouped.base.indexOf.get(opened.id) ?? -1];
      if (node === undefined) return null;
      const { title, subtitle, state } = describeNode(node, grouped.base);
      return <DetailsCard {...{ title, subtitle, state, links, onClose }} details={nodeDetails(node, grouped.base)} />;
    }
    case 'group':
      return <GroupCard {...props} id={opened.id} />;
  }
}

interface EdgeCardProps {
  readonly id: string;
  readonly graph: Graph;
  readonly links: ReturnType<typeof linksOf>;
  readonly onClose: () => void;
}

function EdgeCard({ id, graph, links, onClose }: EdgeCardProps) {
  const edge = graph.edges.find((one) => one.id === id);
  if (edge === undefined) return null;
  return <DetailsCard {...{ title: edgeTitle(edge, graph), links, onClose }} details={edgeDetails(edge, graph)} />;
}

function GroupCard({ id, grouped: { graph, groups }, onClose, onExpand }: DetailsProps & { readonly id: string }) {
  const node = graph.nodes[graph.indexOf.get(id) ?? -1];
  if (node === undefined || groups.get(id)?.isCollapsed !== true) return null;
  const { title, subtitle, state } = describeNode(node, graph);
  return (
    <DetailsCard {...{ title, subtitle, state, onClose }} details={node.details} links={[]}>
      <Button size="sm" variant="secondary" onClick={() => onExpand(id)} data-testid={TEST_IDS.topology.expand}>
        {t('topology.card.expand', 'Show its nodes')}
      </Button>
    </DetailsCard>
  );
}
