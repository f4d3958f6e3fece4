import { useMemo, useRef } from 'react';
import type { Graph } from '../graph.ts';
import { buildScene, type BuiltScene } from '../model/build-scene.ts';
import { filterGraph, type GraphFilter, type Shown } from '../model/filter-graph.ts';
import type { Formatting } from '../model/frame-fields.ts';
import { groupGraph, liftShown, type Grouped, type Grouping } from '../model/group-graph.ts';
import { paletteOf } from '../model/palette.ts';
import { placesOf } from '../model/places.ts';
import type { TopologyOptions } from '../options.ts';
import { useLaidOut } from './use-places.ts';

export interface SceneChoices {
  readonly formatting: Formatting;
  readonly filter: GraphFilter;
  readonly grouping: Grouping;
  readonly dragged: TopologyOptions['places'];
  readonly selectedNode: string | undefined;
  readonly selectedEdge: string | undefined;
}

export interface Pictured {
  readonly grouped: Grouped;
  /** Of the graph before grouping. */
  readonly shown: Shown;
  /** undefined while nodes have no place yet. */
  readonly built: BuiltScene | undefined;
}

/** From a graph to what is drawn of it. Each step is made anew only when what it is made of is another. */
export function useScene(graph: Graph, choices: SceneChoices): Pictured {
  const { formatting, filter, grouping, dragged, selectedNode, selectedEdge } = choices;
  const last = useRef<BuiltScene | undefined>(undefined);
  const grouped = useMemo(() => groupGraph(graph, grouping, formatting), [graph, grouping, formatting]);
  const shown = useMemo(() => filterGraph(graph, filter), [graph, filter]);
  const lifted = useMemo(() => liftShown(shown, grouped), [shown, grouped]);
  const laidOut = useLaidOut(graph, dragged);
  const places = useMemo(() => laidOut && placesOf(grouped, { dragged, laidOut }), [grouped, dragged, laidOut]);
  const palette = paletteOf(formatting.theme);
  const built = useMemo(() => {
    if (places === undefined) return undefined;
    const selected = new Set(selectedNode === undefined ? [] : [shownAs(grouped, selectedNode)]);
    const input = { graph: grouped.graph, shown: lifted, places, palette, selected, selectedEdge };
    last.current = buildScene(input, last.current);
    return last.current;
  }, [grouped, lifted, places, palette, selectedNode, selectedEdge]);
  return { grouped, shown, built };
}

/** A node that is collapsed into a group is seen as that. */
function shownAs({ graph, base, nodeOf }: Grouped, id: string): string {
  const index = base.indexOf.get(id);
  return index === undefined ? id : graph.nodes[nodeOf[index]].id;
}
