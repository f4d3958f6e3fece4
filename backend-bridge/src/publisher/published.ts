import type { FailingDependency, ServiceHealth, Topology, TrafficPattern } from '@topdeck/protocol';
import type { Diagnosis } from '../engine/diagnosis.ts';
import { remapTopology } from '../engine/engine-state.ts';
import type { Remap } from '../engine/series-state.ts';

/** What the readers of the extended stream were last sent, aligned with one topology. NaN, NOTHING or undefined: nothing yet. */
export interface Published {
  /** Per column of the diagnosis. */
  readonly columns: readonly Float64Array[];
  readonly services: {
    readonly entities: readonly (ServiceHealth | undefined)[];
    readonly status: Uint8Array;
    readonly score: Float64Array;
  };
  readonly edges: {
    readonly entities: readonly (TrafficPattern | undefined)[];
    readonly known: Uint8Array;
    readonly abnormal: Uint8Array;
    readonly trend: Uint8Array;
    readonly score: Float64Array;
  };
  readonly failing: ReadonlyMap<number, FailingDependency>;
}

/** No status, trend or flag has this value. */
const NOTHING = 255;

const allNaN = (length: number): Float64Array => new Float64Array(length).fill(Number.NaN);
const allNothing = (length: number): Uint8Array => new Uint8Array(length).fill(NOTHING);

export function nothingPublished({ topology, columns }: Diagnosis): Published {
  const [services, edges] = [topology.resources.length, topology.dependencies.length];
  return {
    columns: columns.map(({ values }) => allNaN(values.length)),
    services: {
      entities: new Array<undefined>(services).fill(undefined),
      status: allNothing(services),
      score: allNaN(services),
    },
    edges: {
      entities: new Array<undefined>(edges).fill(undefined),
      known: allNothing(edges),
      abnormal: allNothing(edges),
      trend: allNothing(edges),
      score: allNaN(edges),
    },
    failing: new Map(),
  };
}

function moved<A extends Float64Array | Uint8Array>(before: A, next: A, from: Remap): A {
  for (let i = 0; i < from.length; i += 1) if (from[i] >= 0) next[i] = before[from[i]];
  return next;
}
const movedNumbers = (before: Float64Array, from: Remap): Float64Array => moved(before, allNaN(from.length), from);
const movedCodes = (before: Uint8Array, from: Remap): Uint8Array => moved(before, allNothing(from.length), from);
const movedEntities = <T>(before: readonly T[], from: Remap): (T | undefined)[] =>
  Array.from(from, (index) => (index < 0 ? undefined : before[index]));

/** The same for another topology: services and edges that live on keep what was sent of them. */
export function realign(before: Published, old: Topology, diagnosis: Diagnosis): Published {
  const { service, edge } = remapTopology(old, diagnosis.topology);
  const { services, edges } = before;
  return {
    columns: diagnosis.columns.map(({ spec }, c) =>
      movedNumbers(before.columns[c], spec.scope === 'service' ? service : edge),
    ),
    services: {
      entities: movedEntities(services.entities, service),
      status: movedCodes(services.status, service),
      score: movedNumbers(services.score, service),
    },
    edges: {
      entities: movedEntities(edges.entities, edge),
      known: movedCodes(edges.known, edge),
      abnormal: movedCodes(edges.abnormal, edge),
      trend: movedCodes(edges.trend, edge),
      score: movedNumbers(edges.score, edge),
    },
    failing: new Map(),
  };
}
