import { STATUSES, type Status } from '@topdeck/protocol';
import type { Arc, Graph, GraphNode } from '../graph.ts';
import { numbersBelow } from './columns.ts';
import type { Shown } from './filter-graph.ts';
import { fieldLabel, type Formatting } from './frame-fields.ts';
import { gravest, gravestMark } from './gravity.ts';
import { joinEdges } from './join-edges.ts';
import { paletteOf } from './palette.ts';
import { valueOf } from './row-values.ts';

export interface Grouping {
  /** `subtitle` or the key of a detail; empty: no grouping. */
  readonly field: string;
  /** Ids of groups whose nodes are shown one by one; all others are collapsed. */
  readonly expanded: ReadonlySet<string>;
}

export const NO_GROUPING: Grouping = { field: '', expanded: new Set() };

/** A graph of which some nodes were collapsed, and where each node and edge of the other went. */
export interface Grouped {
  readonly graph: Graph;
  /** The graph before. */
  readonly base: Graph;
  /** By index of a node of `base`: index of the node that it is shown as. */
  readonly nodeOf: Uint32Array;
  /** By index of an edge of `base`: index of the edge it is part of, or −1 of one within a group. */
  readonly edgeOf: Int32Array;
  /** Of the collapsed and the expanded ones, by id of the group. */
  readonly groups: ReadonlyMap<string, Group>;
}

export interface Group {
  readonly id: string;
  readonly value: string;
  /** Indices into `base.nodes`. */
  readonly members: readonly number[];
  readonly isCollapsed: boolean;
}

export const groupId = (field: string, value: string): string => `group:${field}:${value}`;

/** Two nodes and more of one value; a group of one would only hide its name. */
function findGroups(base: Graph, { field, expanded }: Grouping): ReadonlyMap<string, Group> {
  if (field === '') return new Map();
  const value = valueOf(base, field);
  const members = new Map<string, number[]>();
  base.nodes.forEach((node, index) => {
    const key = value(node);
    if (key === undefined) return;
    const known = members.get(key);
    if (known === undefined) members.set(key, [index]);
    else known.push(index);
  });
  return new Map(
    Array.from(members, ([key, indices]): [string, Group] => {
      const id = groupId(field, key);
      return [id, { id, value: key, members: indices, isCollapsed: !expanded.has(id) }];
    }).filter(([, group]) => group.members.length > 1),
  );
}

function sharesOf(members: readonly GraphNode[], statusColors: Readonly<Record<Status, string>>): readonly Arc[] {
  const known = members.filter(({ status }) => status !== undefined).length;
  if (known > 0) {
    return STATUSES.map((status) => ({
      share: members.filter((node) => node.status === status).length / known,
      color: statusColors[status],
      label: status,
    })).filter(({ share }) => share > 0);
  }
  const sections = new Map<string, Arc>();
  for (const { arcs } of members) {
    for (const { label, color, share } of arcs) {
      sections.set(label, { label, color, share: (sections.get(label)?.share ?? 0) + share / members.length });
    }
  }
  return [...sections.values()];
}

function groupNode(
  group: Group,
  base: Graph,
  { label, colors }: { label: string; colors: Readonly<Record<Status, string>> },
): GraphNode {
  const members = group.members.map((index) => base.nodes[index]);
  const status = gravest(members.map((node) => node.status));
  const icons = new Set(members.map(({ icon }) => icon));
  return {
    id: group.id,
    title: group.value,
    subtitle: label,
    status,
    color: status && colors[status],
    icon: icons.size === 1 ? members[0].icon : undefined,
    main: `× ${members.length}`,
    secondary: '',
    arcs: sharesOf(members, colors),
    place: undefined,
    mark: gravestMark(members.map(({ mark }) => mark)),
    highlighted: members.some(({ highlighted }) => highlighted),
    details: [],
    row: -1,
    members: members.map(({ id }) => id),
  };
}

const identity = (base: Graph, groups: ReadonlyMap<string, Group>): Grouped => ({
  graph: base,
  base,
  nodeOf: numbersBelow(base.nodes.length),
  edgeOf: Int32Array.from(numbersBelow(base.edges.length)),
  groups,
});

/** Collapses nodes of one value into one. A group stands where the first of its members stood. */
export function groupGraph(base: Graph, grouping: Grouping, formatting: Formatting): Grouped {
  const groups = findGroups(base, grouping);
  const collapsed = [...groups.values()].filter(({ isCollapsed }) => isCollapsed);
  if (collapsed.length === 0) return identity(base, groups);
  const groupOf = new Map(collapsed.flatMap((group) => group.members.map((index): [number, Group] => [index, group])));
  const look = { label: fieldLabel(base.frames.nodes, grouping.field), colors: paletteOf(formatting.theme).status };
  const nodes: GraphNode[] = [];
  const nodeOf = new Uint32Array(base.nodes.length);
  base.nodes.forEach((node, index) => {
    const group = groupOf.get(index);
    if (group !== undefined && group.members[0] !== index) {
      nodeOf[index] = nodeOf[group.members[0]];
      return;
    }
    nodeOf[index] = nodes.length;
    nodes.push(group === undefined ? node : groupNode(group, base, look));
  });
  const { edges, edgeOf } = joinEdges(base, { nodes, nodeOf }, formatting);
  const graph: Graph = { ...base, nodes, edges, indexOf: new Map(nodes.map(({ id }, index) => [id, index])) };
  return { graph, base, nodeOf, edgeOf, groups };
}

/** What is shown of the nodes of `base`, for the nodes they are shown as: a group is as visible as any of its members. */
export function liftShown(shown: Shown, { graph, base, nodeOf }: Grouped): Shown {
  if (graph === base) return shown;
  const visible = new Uint8Array(graph.nodes.length);
  const dim = new Uint8Array(graph.nodes.length).fill(1);
  nodeOf.forEach((at, index) => {
    if (shown.visible[index] === 0) return;
    visible[at] = 1;
    if (shown.dim[index] === 0) dim[at] = 0;
  });
  const visibleCount = visible.reduce((sum, one) => sum + one, 0);
  const matches = shown.matches && [...new Set(shown.matches.map((index) => nodeOf[index]))];
  return { visible, dim, visibleCount, matches };
}
