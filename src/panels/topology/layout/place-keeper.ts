import type { Graph, Place } from '../graph.ts';
import { draggedPlace } from '../model/places.ts';
import type { TopologyOptions } from '../options.ts';
import type { LayoutGraph } from './layout-graph.ts';
import { ticksFor } from './relaxation.ts';
import { runLayout, type LayoutRun } from './run-layout.ts';
import { startPlaces } from './start-places.ts';

export interface PlaceKeeperOptions {
  /** `places` is another object than before: the layout moved nodes that had just come. Not called from within `follow`. */
  readonly onMoved: () => void;
  /** `main` where no worker may be used; by default a worker, and the main thread where none can start. */
  readonly thread?: 'worker' | 'main';
}

type Dragged = TopologyOptions['places'];

/**
 * Keeps the places of nodes whose frame tells none. A node that has settled never moves again by itself; one that left
 * finds its place again.
 */
export interface PlaceKeeper {
  /**
   * Takes up a graph, before it is grouped. Newcomers have a place at once, which the layout may improve while it runs.
   * Nodes whose place the frame tells or that were dragged stay out of it, but others keep off them.
   */
  follow(graph: Graph, dragged: Dragged): void;
  /** For `placesOf`; another object after each change. */
  readonly places: ReadonlyMap<string, Place>;
  /** Whether the layout still moves newcomers. */
  readonly isMoving: boolean;
  /** Stops the layout; `follow` takes it up again. */
  dispose(): void;
}

/** Nodes that left are remembered up to this number, or to the number of those that are there if that is more. */
const MIN_REMEMBERED = 1_000;

/** Nodes by id, so that the order of rows does not matter, and each pair of neighbours once. */
function layoutGraphOf({ nodes, edges }: Graph, order: readonly number[]): LayoutGraph {
  const at = new Uint32Array(nodes.length);
  order.forEach((node, k) => (at[node] = k));
  const count = nodes.length;
  const pairs = new Set<number>();
  for (const { source, target } of edges) if (source !== target) pairs.add(at[source] * count + at[target]);
  const sorted = Float64Array.from(pairs).sort();
  return {
    count,
    source: Uint32Array.from(sorted, (pair) => Math.floor(pair / count)),
    target: Uint32Array.from(sorted, (pair) => pair % count),
  };
}

class Keeper implements PlaceKeeper {
  places: ReadonlyMap<string, Place> = new Map();
  /** Ids of those that have not settled yet. */
  #moving: ReadonlySet<string> = new Set();
  #run: LayoutRun | undefined;
  readonly #options: PlaceKeeperOptions;

  constructor(options: PlaceKeeperOptions) {
    this.#options = options;
  }

  get isMoving(): boolean {
    return this.#run !== undefined;
  }

  follow(graph: Graph, dragged: Dragged): void {
    const needy = graph.nodes.filter(({ id, place }) => place === undefined && draggedPlace(dragged, id) === undefined);
    const newcomers = needy.filter(({ id }) => !this.places.has(id));
    const isUnfinished = this.#run === undefined && needy.some(({ id }) => this.#moving.has(id));
    if (newcomers.length === 0 && !isUnfinished) return;
    this.#stop();
    const moving = new Set(needy.filter(({ id }) => !this.places.has(id) || this.#moving.has(id)).map(({ id }) => id));
    this.#moving = moving;
    this.#begin(graph, dragged);
  }

  #begin(graph: Graph, dragged: Dragged): void {
    const { nodes } = graph;
    const order = Array.from(nodes.keys()).sort((a, b) => (nodes[a].id < nodes[b].id ? -1 : 1));
    const ids = order.map((index) => nodes[index].id);
    const known = order.map(
      (index) => draggedPlace(dragged, nodes[index].id) ?? nodes[index].place ?? this.places.get(nodes[index].id),
    );
    const layoutGraph = layoutGraphOf(graph, order);
    const places = startPlaces(layoutGraph, {
      x: Float32Array.from(known, (place) => place?.x ?? Number.NaN),
      y: Float32Array.from(known, (place) => place?.y ?? Number.NaN),
    });
    this.#remember(graph);
    const take = ({ x, y }: typeof places): void => {
      const next = new Map(this.places);
      ids.forEach((id, k) => {
        if (this.#moving.has(id)) next.set(id, { x: x[k], y: y[k] });
      });
      this.places = next;
    };
    take(places);
    const fixed = Uint8Array.from(ids, (id) => (this.#moving.has(id) ? 0 : 1));
    const task = { graph: layoutGraph, places, fixed, ticks: ticksFor(ids.length) };
    this.#run = runLayout(
      task,
      (progress) => {
        take(progress.places);
        if (progress.isLast) {
          this.#stop();
          this.#moving = new Set();
        }
        this.#options.onMoved();
      },
      this.#options.thread,
    );
  }

  /** Forgets those that left longest ago. */
  #remember({ nodes, indexOf }: Graph): void {
    const gone = [...this.places].filter(([id]) => !indexOf.has(id));
    const excess = gone.length - Math.max(MIN_REMEMBERED, nodes.length);
    if (excess <= 0) return;
    const next = new Map(this.places);
    for (const [id] of gone.slice(0, excess)) next.delete(id);
    this.places = next;
  }

  #stop(): void {
    this.#run?.stop();
    this.#run = undefined;
  }

  dispose(): void {
    this.#stop();
  }
}

export const createPlaceKeeper = (options: PlaceKeeperOptions): PlaceKeeper => new Keeper(options);
