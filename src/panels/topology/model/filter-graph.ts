import type { Severity, Status } from '@topdeck/protocol';
import type { Graph, GraphNode } from '../graph.ts';
import { neighbourhood, type Around } from './neighbourhood.ts';
import { searchTexts, valueOf } from './row-values.ts';

/** Search and incident dim what they do not find; the others hide what does not pass. Lists are alternatives, empty ones pass all. */
export interface GraphFilter {
  /** Words that must all be found in the title, id, subtitle or a detail. */
  readonly search: string;
  readonly statuses: readonly Status[];
  /** Subtitles. */
  readonly types: readonly string[];
  /** Of the detail `severity`; of a graph without it, nothing is hidden. */
  readonly severities: readonly Severity[];
  readonly around: Around | undefined;
  /** Bring out the path of the incidents. */
  readonly incident: boolean;
}

export const NO_FILTER: GraphFilter = {
  search: '',
  statuses: [],
  types: [],
  severities: [],
  around: undefined,
  incident: false,
};

/** What of a graph is drawn, by index; 1 is yes. */
export interface Shown {
  readonly visible: Uint8Array;
  readonly dim: Uint8Array;
  readonly visibleCount: number;
  /** Visible nodes that the search found, in the order of the graph; undefined while nobody searches. */
  readonly matches: readonly number[] | undefined;
}

/** Whether a node is on the path of an incident. */
export const isOfIncident = ({ mark, highlighted }: GraphNode): boolean => mark !== 'none' || highlighted;

type Test = (node: GraphNode, index: number) => boolean;

function severityTest(graph: Graph, severities: readonly Severity[]): Test | undefined {
  if (severities.length === 0) return undefined;
  const severity = valueOf(graph, 'severity');
  if (!graph.nodes.some((node) => severity(node) !== undefined)) return undefined;
  const wanted: ReadonlySet<string | undefined> = new Set(severities);
  return (node) => wanted.has(severity(node));
}

/** What hides a node. A neighbourhood of a node that is gone hides nothing, or the panel would be empty for no visible reason. */
function hidingTests(graph: Graph, { statuses, types, severities, around }: GraphFilter): readonly Test[] {
  const near = around && neighbourhood(graph, around);
  const tests: (Test | undefined)[] = [
    statuses.length === 0 ? undefined : ({ status }) => status !== undefined && statuses.includes(status),
    types.length === 0 ? undefined : ({ subtitle }) => types.includes(subtitle),
    severityTest(graph, severities),
    near && ((_, index) => near.has(index)),
  ];
  return tests.filter((test) => test !== undefined);
}

/** What is not dimmed; undefined where nothing dims. */
function searchTest(graph: Graph, search: string): Test | undefined {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const texts = searchTexts(graph);
  return (_, index) => words.every((word) => texts[index].includes(word));
}

export function filterGraph(graph: Graph, filter: GraphFilter): Shown {
  const hiding = hidingTests(graph, filter);
  const search = searchTest(graph, filter.search);
  const dimsRest = filter.incident && graph.nodes.some(isOfIncident);
  const visible = new Uint8Array(graph.nodes.length);
  const dim = new Uint8Array(graph.nodes.length);
  const matches: number[] = [];
  let visibleCount = 0;
  graph.nodes.forEach((node, index) => {
    if (!hiding.every((test) => test(node, index))) return;
    visible[index] = 1;
    visibleCount += 1;
    const isFound = search?.(node, index);
    if (isFound === true) matches.push(index);
    if (isFound === false || (dimsRest && !isOfIncident(node))) dim[index] = 1;
  });
  return { visible, dim, visibleCount, matches: search === undefined ? undefined : matches };
}

/** A value that a filter can be set to, and how many nodes have it. */
export interface Choice<T extends string = string> {
  readonly value: T;
  readonly count: number;
}

export interface FilterChoices {
  readonly types: readonly Choice[];
  readonly statuses: readonly Choice<Status>[];
  readonly severities: readonly Choice[];
}

function count<T extends string>(values: readonly (T | undefined)[]): readonly Choice<T>[] {
  const counts = new Map<T, number>();
  for (const value of values) {
    if (value !== undefined && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return Array.from(counts, ([value, many]) => ({ value, count: many })).sort(
    (a, b) => b.count - a.count || (a.value < b.value ? -1 : 1),
  );
}

/** What the graph can be filtered by, the most frequent first. */
export const filterChoices = (graph: Graph): FilterChoices => ({
  types: count(graph.nodes.map(({ subtitle }) => subtitle)),
  statuses: count(graph.nodes.map(({ status }) => status)),
  severities: count(graph.nodes.map(valueOf(graph, 'severity'))),
});
