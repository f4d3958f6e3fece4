import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
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
  const isNeeded = useMemo(() => graph.nodes.some(({ place }) => place === undefined), [graph]);
  useLayoutEffect(() => {
    // A data source that lays out its graph needs no other layout, nor a thread for it.
    if (!isNeeded && keeper.current === undefined) return;
    keeper.current ??= createPlaceKeeper({ onMoved: () => setLaidOut(keeper.current?.places ?? NOBODY) });
    keeper.current.follow(graph, dragged);
    setLaidOut(keeper.current.places);
  }, [graph, dragged, isNeeded]);
  useEffect(
    () => () => {
      keeper.current?.dispose();
      keeper.current = undefined;
    },
    [],
  );
  return isNeeded && laidOut === NOBODY ? undefined : laidOut;
}
