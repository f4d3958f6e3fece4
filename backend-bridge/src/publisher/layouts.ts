import type { LayoutResponse, Topology } from '@topdeck/protocol';
import type { Layout, LayoutGraph } from '../layout/layout.ts';

/** Lays a graph out where that holds up no tick, and keeps the places of the layout before it. */
export type LayOut = (graph: LayoutGraph, previous: Layout | undefined) => Promise<Layout>;

interface Asked {
  readonly version: string;
  readonly answer: Promise<Uint8Array>;
}

const graphOf = ({ resources, edgeSource, edgeTarget }: Topology): LayoutGraph => ({
  ids: resources.map(({ id }) => id),
  edgeSource,
  edgeTarget,
});

function encode(topology: Topology, { ids, x, y }: Layout): Uint8Array {
  const positions = ids.map((id, i): [string, number, number] => [id, x[i], y[i]]);
  return Buffer.from(JSON.stringify({ topology_version: topology.version, positions } satisfies LayoutResponse));
}

/** REST-11: one layout per version of the topology, made when somebody asks for it, each from the one before. */
export class Layouts {
  readonly #layOut: LayOut;
  #asked: Asked | undefined;
  #newest: Layout | undefined;

  constructor(layOut: LayOut) {
    this.#layOut = layOut;
  }

  /** Who asks meanwhile waits for the same computation; a failed one is tried again at the next request. */
  read(topology: Topology): Promise<Uint8Array> {
    const before = this.#asked;
    if (before?.version === topology.version) return before.answer;
    const compute = (): Promise<Uint8Array> => this.#compute(topology);
    const answer = before === undefined ? compute() : before.answer.then(compute, compute);
    const asked = { version: topology.version, answer };
    this.#asked = asked;
    answer.catch(() => {
      if (this.#asked === asked) this.#asked = undefined;
    });
    return answer;
  }

  async #compute(topology: Topology): Promise<Uint8Array> {
    const layout = await this.#layOut(graphOf(topology), this.#newest);
    this.#newest = layout;
    return encode(topology, layout);
  }
}
