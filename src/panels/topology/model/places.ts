import type { GraphNode, Place } from '../graph.ts';
import { Occupied } from '../layout/occupied.ts';
import type { TopologyOptions } from '../options.ts';
import type { Grouped } from './group-graph.ts';

/** Middles of nodes by index, in graph units. */
export interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface PlaceSources {
  /** By id of a node or a group. */
  readonly dragged: TopologyOptions['places'];
  /** Of nodes whose frame tells none; see layout/place-keeper.ts. */
  readonly laidOut: ReadonlyMap<string, Place>;
}

export function draggedPlace(dragged: TopologyOptions['places'], id: string): Place | undefined {
  if (!Object.hasOwn(dragged, id)) return undefined;
  const [x, y] = dragged[id];
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : undefined;
}

/** Where people put it, else where its frame does, else where the layout did. */
const placeOf = (node: GraphNode, { dragged, laidOut }: PlaceSources): Place | undefined =>
  draggedPlace(dragged, node.id) ?? node.place ?? laidOut.get(node.id);

function middle(places: readonly Place[]): Place {
  const sum = places.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  const count = Math.max(1, places.length);
  return { x: sum.x / count, y: sum.y / count };
}

/**
 * A place for every node that is shown, by its sources alone. A group stands in the middle of its members, or as near to it
 * as nothing else stands: groups of members that are strewn all over have nearly the same middle.
 */
export function placesOf({ graph, base }: Grouped, sources: PlaceSources): Places {
  const x = new Float32Array(graph.nodes.length);
  const y = new Float32Array(graph.nodes.length);
  const put = (index: number, place: Place): void => {
    x[index] = place.x;
    y[index] = place.y;
  };
  if (graph === base) {
    graph.nodes.forEach((node, index) => put(index, placeOf(node, sources) ?? { x: 0, y: 0 }));
    return { x, y };
  }
  const occupied = new Occupied();
  const free: number[] = [];
  graph.nodes.forEach((node, index) => {
    const place =
      node.members === undefined ? (placeOf(node, sources) ?? { x: 0, y: 0 }) : draggedPlace(sources.dragged, node.id);
    if (place === undefined) free.push(index);
    else {
      put(index, place);
      occupied.add(place);
    }
  });
  // By id, so that the order of rows does not decide who gives way.
  free.sort((a, b) => (graph.nodes[a].id < graph.nodes[b].id ? -1 : 1));
  for (const index of free) {
    const members = (graph.nodes[index].members ?? []).map((id) => base.nodes[base.indexOf.get(id) ?? 0]);
    const place = occupied.nearestFree(middle(members.flatMap((node) => placeOf(node, sources) ?? [])));
    put(index, place);
    occupied.add(place);
  }
  return { x, y };
}
