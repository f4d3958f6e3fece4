import { t } from '@grafana/i18n';
import { statusText } from '../../ui/status.ts';
import type { TooltipContent } from './components/Tooltip.tsx';
import type { Mark } from './draw/scene.ts';
import type { Detail, Graph, GraphEdge, GraphNode } from './graph.ts';
import { neighboursOf } from './layout/layout-graph.ts';
import { fieldLabel } from './model/frame-fields.ts';
import { neighboursIn } from './model/neighbourhood.ts';

/** What a mark around a node says; nothing for none. */
export function markText(mark: Mark): string {
  const words: Readonly<Record<Mark, () => string>> = {
    none: () => '',
    cause: () => t('topology.mark.cause', 'Root cause'),
    'first-failure': () => t('topology.mark.first-failure', 'First failure'),
    impacted: () => t('topology.mark.impacted', 'Impacted'),
  };
  return words[mark]();
}

const joined = (texts: readonly string[], by: string): string => texts.filter((text) => text !== '').join(by);

/** Status and mark; nothing where the frame tells neither. */
const stateOf = ({ status, mark }: GraphNode): string =>
  joined([status === undefined ? '' : statusText(status), markText(mark)], ' · ');

const membersText = ({ members }: GraphNode): string =>
  members === undefined ? '' : t('topology.node.members', '{{number}} nodes', { number: members.length });

interface Stats {
  readonly main: string;
  readonly secondary: string;
}

/** The numbers inside a node or along an edge, named as their fields are. */
function statDetails({ main, secondary }: Stats, frame: Graph['frames']['edges']): readonly Detail[] {
  const stat = (key: string, text: string): readonly Detail[] =>
    text === '' || frame === undefined ? [] : [{ key, label: fieldLabel(frame, key), text, value: text }];
  return [...stat('mainstat', main), ...stat('secondarystat', secondary)];
}

/** Told by `state` already. */
const isState = ({ key }: Detail): boolean => key === 'status' || key === 'role';

export const nodeDetails = (node: GraphNode, { frames }: Graph): readonly Detail[] => [
  ...(node.row < 0 ? [] : statDetails(node, frames.nodes)),
  ...node.details.filter((detail) => node.status === undefined || !isState(detail)),
];
export const edgeDetails = (edge: GraphEdge, { frames }: Graph): readonly Detail[] => [
  ...statDetails(edge, frames.edges),
  ...edge.details,
];

export const edgeTitle = ({ source, target }: GraphEdge, { nodes }: Graph): string =>
  `${nodes[source].title} → ${nodes[target].title}`;

export const describeNode = (node: GraphNode, graph: Graph): TooltipContent => ({
  title: node.title,
  subtitle: node.subtitle,
  state: joined([stateOf(node), membersText(node)], ' · '),
  details: nodeDetails(node, graph),
});

export const describeEdge = (edge: GraphEdge, graph: Graph): TooltipContent => ({
  title: edgeTitle(edge, graph),
  subtitle: '',
  state: edge.status === undefined ? '' : statusText(edge.status),
  details: edgeDetails(edge, graph),
});

export interface Degree {
  /** Edges that lead to it, and from it. */
  readonly callers: number;
  readonly called: number;
}

export function degreeOf(graph: Graph, node: number): Degree {
  const { out, into } = neighboursIn(graph);
  return { callers: neighboursOf(into, node).length, called: neighboursOf(out, node).length };
}

/** A node in one sentence, for those who do not see it. */
export function spokenNode(graph: Graph, index: number): string {
  const node = graph.nodes[index];
  const { callers, called } = degreeOf(graph, index);
  const edges = t('topology.node.edges', 'called by {{callers}}, calls {{called}}', { callers, called });
  return joined([node.title, node.subtitle, stateOf(node), membersText(node), node.main, edges], ', ');
}
