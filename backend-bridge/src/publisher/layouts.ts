import type { LayoutResponse, Topology } from '@topdeck/protocol';
import type { HistoryStore, KeptPlace } from '../history/history-store.ts';
import type { Layout, LayoutGraph, Places } from '../layout/layout.ts';
import type { Log } from '../telemetry/log.ts';

/** Lays a graph out where that holds up no tick, and keeps the places of the layout before it. */
export type LayOut = (graph: LayoutGraph, previous: Layout | undefined) => Promise<Layout>;

export interface LayoutsOptions {
  readonly layOut: LayOut;
  /** Where places outlive a restart; without it they are merely found anew. */
  readonly history: Pick<HistoryStore, 'places' | 'keepPlaces'>;
  readonly log: Log;
}

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

function toPlaces(kept: readonly KeptPlace[]): Places {
  return {
    ids: kept.map(({ resourceId }) => resourceId),
    x: Float64Array.from(kept, ({ x }) => x),
    y: Float64Array.from(kept, ({ y }) => y),
  };
}

const toKept = ({ ids, x, y }: Places, hasLeft: boolean): KeptPlace[] =>
  ids.map((resourceId, i) => ({ resourceId, x: x[i], y: y[i], hasLeft }));

/** Places never change, so the same nodes in the same order have the same places. */
const isSame = (a: Layout, b: Layout): boolean =>
  [a.ids, a.departed.ids].join('\n') === [b.ids, b.departed.ids].join('\n');

/** REST-11: one layout per version of the topology, made when somebody asks for it, each from the one before. */
export class Layouts {
  readonly #options: LayoutsOptions;
  #asked: Asked | undefined;
  #newest: Layout | undefined;

  constructor(options: LayoutsOptions) {
    this.#options = options;
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
    const before = this.#newest ?? this.#recall();
    const layout = await this.#options.layOut(graphOf(topology), before);
    this.#newest = layout;
    if (before === undefined || !isSame(before, layout)) this.#keep(layout);
    return encode(topology, layout);
  }
  #recall(): Layout | undefined {
    try {
      const kept = this.#options.history.places();
      if (kept.length === 0) return undefined;
      const departed = toPlaces(kept.filter(({ hasLeft }) => hasLeft));
      return { ...toPlaces(kept.filter(({ hasLeft }) => !hasLeft)), departed };
    } catch (error) {
      this.#options.log.warn({ event: 'layout.recall_failed', err: error });
      return undefined;
    }
  }

  #keep(layout: Layout): void {
    try {
      this.#options.history.keepPlaces([...toKept(layout, false), ...toKept(layout.departed, true)]);
    } catch (error) {
      this.#options.log.warn({ event: 'layout.keep_failed', err: error });
    }
  }
}
