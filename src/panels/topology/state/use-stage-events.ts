import { useEffect, useMemo, useRef, useState } from 'react';
import type { Hit } from '../draw/scene.ts';
import type { GraphEdge, GraphNode } from '../graph.ts';
import type { Point } from '../stage/pointer.ts';
import type { Stage } from '../stage/stage.ts';
import { describeEdge, describeNode, spokenNode } from '../state-words.ts';
import type { GraphPanelState } from './use-graph-panel.ts';
import { useLatest } from './use-latest.ts';

const MAX_DEPTH = 5;
/** Finer than anybody sees. */
const rounded = (units: number): number => Math.round(units * 10) / 10;

const nodeOf = ({ grouped, built }: GraphPanelState, index: number): GraphNode | undefined =>
  built && grouped.graph.nodes[built.nodeOf[index]];
const edgeOf = ({ grouped, built }: GraphPanelState, index: number): GraphEdge | undefined =>
  built && grouped.graph.edges[built.edgeOf[index]];

function select(panel: GraphPanelState, hit: Hit | undefined): void {
  const { open } = panel.selection;
  if (hit?.kind === 'edge') {
    const edge = edgeOf(panel, hit.index);
    open(edge && { kind: 'edge', id: edge.id });
  } else {
    const node = hit && nodeOf(panel, hit.index);
    open(node && { kind: node.members === undefined ? 'node' : 'group', id: node.id });
  }
}

/** The first time its neighbours; each further time one edge more. */
function showAround(panel: GraphPanelState, index: number): void {
  const node = nodeOf(panel, index);
  if (node === undefined || node.members !== undefined) return;
  const { around } = panel.filter.value;
  const depth = around?.id === node.id ? Math.min(MAX_DEPTH, around.depth + 1) : 1;
  panel.filter.patch({ around: { id: node.id, depth, direction: around?.direction ?? 'both' } });
}

/** Index in the scene of a node of the frame, or of the group that it is collapsed into; −1 when it is hidden. */
function sceneIndex({ grouped, built }: GraphPanelState, id: string): number {
  const index = grouped.base.indexOf.get(id);
  return index === undefined || built === undefined ? -1 : built.nodeOf.indexOf(grouped.nodeOf[index]);
}

/** What the stage tells, turned into what is chosen. The functions stay the same, whatever the data does. */
export function useStageEvents(panel: GraphPanelState) {
  const latest = useLatest(panel);
  const [stage, setStage] = useState<Stage | undefined>();
  const events = useMemo(() => {
    const now = (): GraphPanelState => latest.current;
    return {
      describe: (hit: Hit) => {
        const { graph } = now().grouped;
        const found = hit.kind === 'node' ? nodeOf(now(), hit.index) : edgeOf(now(), hit.index);
        if (found === undefined) return undefined;
        return 'source' in found ? describeEdge(found, graph) : describeNode(found, graph);
      },
      announce: (index: number) => {
        const { built, grouped } = now();
        return built === undefined ? '' : spokenNode(grouped.graph, built.nodeOf[index]);
      },
      onSelect: (hit: Hit | undefined) => select(now(), hit),
      onAround: (index: number) => showAround(now(), index),
      onExpand: (index: number) => {
        const node = nodeOf(now(), index);
        if (node?.members !== undefined) now().groups.expand(node.id);
      },
      onMove: (index: number, { x, y }: Point) => {
        const node = nodeOf(now(), index);
        const { places } = now();
        if (node !== undefined) places.set({ ...places.dragged, [node.id]: [rounded(x), rounded(y)] });
      },
    };
  }, [latest]);
  const { field } = panel.groups.grouping;
  const fittedField = useRef(field);
  useEffect(() => {
    // Another graph, asked for by hand: what was in view is not in its place any more.
    if (fittedField.current !== field) stage?.fit();
    fittedField.current = field;
  }, [field, stage]);
  const commands = useMemo(
    () => ({
      onFit: () => stage?.fit(),
      onZoom: (factor: number) => stage?.zoomBy(factor),
      /** Selects a node and looks at it. */
      onPick: (id: string) => {
        const { selection, filter } = latest.current;
        filter.patch({ search: '' });
        selection.open({ kind: 'node', id });
        const index = sceneIndex(latest.current, id);
        if (index >= 0) stage?.centreOn(index);
      },
    }),
    [stage, latest],
  );
  return { events, commands, setStage };
}
