import type { Topology } from '@topdeck/protocol';
import type { Fault } from '../../src/simulator/faults.ts';
import { simulateStep, type SimulatedStep } from '../../src/simulator/simulate-step.ts';
import { buildTrafficModel } from '../../src/simulator/traffic-model.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';

/** A Wednesday afternoon: the busiest time of a week. */
export const PEAK_MS = Date.UTC(2026, 0, 7, 14);

/** A graph from arrows, `gateway:web > service:shop > database:shop-db`; a type is told where an id first appears. */
export function graph(...chains: readonly string[]): Topology {
  const types = new Map<string, string>();
  const dependencies: { source: string; target: string }[] = [];
  for (const chain of chains) {
    const ids = chain.split('>').map((part) => {
      const [type, id] = part.includes(':') ? part.trim().split(':') : [undefined, part.trim()];
      if (!types.has(id)) types.set(id, type ?? 'service');
      return id;
    });
    for (let i = 1; i < ids.length; i += 1) dependencies.push({ source: ids[i - 1], target: ids[i] });
  }
  const resources = [...types].map(([id, resource_type]) => ({ id, name: id, resource_type }));
  return buildTopology(resources, dependencies);
}

/** A shop: two ways in, a shared catalogue, a checkout that pays outside. */
export const SHOP = graph(
  'gateway:web > shop > catalog > database:catalog-db',
  'gateway:partner > catalog > cache:catalog-cache',
  'shop > checkout > payments > external:bank',
  'checkout > database:orders-db',
);

export const fault = (of: Pick<Fault, 'kind' | 'target'> & Partial<Fault>): Fault => ({
  id: 'fault-1',
  startMs: PEAK_MS,
  magnitude: 0.8,
  riseMs: 0,
  ...of,
});

export function simulator(topology: Topology, seed = 1) {
  const model = buildTrafficModel(topology, seed);
  return {
    model,
    at: (atMs: number, ...faults: readonly Fault[]): SimulatedStep => simulateStep(model, faults, atMs),
  };
}

/** Values of one column by the name of its entity. */
export function byId(topology: Topology, column: Float64Array): Record<string, number> {
  const ids =
    column.length === topology.resources.length
      ? topology.resources.map(({ id }) => id)
      : topology.dependencies.map(({ source, target }) => `${source} > ${target}`);
  return Object.fromEntries(ids.map((id, index) => [id, column[index]]));
}

/** Names of the entities whose value is more than `factor` times the one before. */
export function raised(topology: Topology, before: Float64Array, after: Float64Array, factor: number): string[] {
  const was = byId(topology, before);
  return Object.entries(byId(topology, after))
    .filter(([id, value]) => value > was[id] * factor)
    .map(([id]) => id);
}
