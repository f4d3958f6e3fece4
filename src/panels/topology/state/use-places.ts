import { useLayoutEffect, useRef, useState } from 'react';
import type { Graph, Place } from '../graph.ts';
import { createPlaceKeeper, type PlaceKeeper } from '../layout/place-keeper.ts';
import type { TopologyOptions } from '../options.ts';

type LaidOut = ReadonlyMap<string, Place>;

const NOBODY: LaidOut = new Map();

/**
 * Places of nodes whose frame tells none; undefined before the first of them has one, when there is nothing to be drawn
 * that would not jump.
 */
export function useLaidOut(graph: Graph, dragged: TopologyOptions['places']): LaidOut | undefined {
  const [laidOut, setLaidOut] = useState(NOBODY);
  const keeper = useRef<PlaceKeeper | undefined>(undefined);
  useLayoutEffect(() => {
    const made = createPlaceKeeper({ onMoved: () => setLaidOut(made.places) });
    keeper.current = made;
    return () => made.dispose();
  }, []);
  useLayoutEffect(() => {
    if (keeper.current === undefined) return;
    keeper.current.follow(graph, dragged);
    if (keeper.current.places.size > 0) setLaidOut(keeper.current.places);
  }, [graph, dragged]);
  const isWaiting = laidOut === NOBODY && graph.nodes.some(({ place }) => place === undefined);
  return isWaiting ? undefined : laidOut;
}
