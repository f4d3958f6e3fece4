import { forceCollide, forceLink, forceSimulation, forceX } from 'd3-force';
import type { Simulation, SimulationLinkDatum, SimulationNodeDatum } from 'd3-force';
import type { Places } from '../model/places.ts';
import type { LayoutGraph } from './layout-graph.ts';
import { COLUMN } from './occupied.ts';

/** Everything that a layout follows from; typed arrays, since it is sent to a worker. */
export interface LayoutTask {
  readonly graph: LayoutGraph;
  /** Where each node begins. */
  readonly places: Places;
  /** By node: 1 of one that must not move. */
  readonly fixed: Uint8Array;
  /** Steps of the simulation. */
  readonly ticks: number;
}

interface Body extends SimulationNodeDatum {
  x: number;
  y: number;
}

/** A step takes about as long as there are nodes, times their logarithm: fewer for more, so that all end within seconds. */
export function ticksFor(count: number): number {
  if (count <= 500) return 120;
  return count <= 2_000 ? 80 : count <= 10_000 ? 30 : 15;
}

const FIRST_ALPHA = 0.5;
const LAST_ALPHA = 0.001;
const LINK_STRENGTH = 0.7;

/**
 * Draws nodes towards their neighbours and apart from all others along the row they begin in, for height is the layer.
 * Deterministic: d3-force takes its randomness from a generator of fixed seed.
 */
export class Relaxation {
  readonly #bodies: Body[];
  readonly simulation: Simulation<Body, SimulationLinkDatum<Body>>;

  constructor({ graph, places, fixed, ticks }: LayoutTask) {
    this.#bodies = Array.from(places.x, (x, node): Body => {
      const y = places.y[node];
      return { x, y, fy: y, ...(fixed[node] === 1 && { fx: x }) };
    });
    const links = Array.from(graph.source, (source, edge) => ({ source, target: graph.target[edge] }));
    const degree = new Uint32Array(graph.count);
    for (const { source, target } of links) {
      degree[source] += 1;
      degree[target] += 1;
    }
    const link = forceLink<Body, SimulationLinkDatum<Body>>(links)
      .distance(COLUMN)
      .strength((_, edge) => LINK_STRENGTH / Math.min(degree[graph.source[edge]], degree[graph.target[edge]]));
    this.simulation = forceSimulation<Body>(this.#bodies)
      .stop()
      .alpha(FIRST_ALPHA)
      // Whoever runs it counts the steps, so that it ends at the same one everywhere.
      .alphaMin(0)
      .alphaDecay(1 - (LAST_ALPHA / FIRST_ALPHA) ** (1 / ticks))
      .force('link', link)
      .force(
        'free',
        forceCollide<Body>(COLUMN / 2)
          .strength(1)
          .iterations(3),
      )
      .force('together', forceX<Body>((_, node) => places.x[node]).strength(0.02));
  }

  tick(steps: number): void {
    this.simulation.tick(steps);
  }

  places(): Places {
    return {
      x: Float32Array.from(this.#bodies, ({ x }) => x),
      y: Float32Array.from(this.#bodies, ({ y }) => y),
    };
  }
}
