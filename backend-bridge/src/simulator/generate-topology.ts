import type { Dependency, Resource } from '@topdeck/protocol';
import { hashUnit } from './noise.ts';

export interface GenerateOptions {
  readonly services: number;
  readonly edges: number;
  readonly seed: number;
}

export interface GeneratedTopology {
  readonly resources: readonly Resource[];
  readonly dependencies: readonly Dependency[];
}

interface Layer {
  readonly share: number;
  readonly tier: string;
  readonly types: readonly string[];
  readonly roles: readonly string[];
}

const LAYERS: readonly Layer[] = [
  { share: 0.02, tier: 'edge', types: ['gateway'], roles: ['gateway', 'ingress'] },
  { share: 0.08, tier: 'frontend', types: ['service'], roles: ['web', 'mobile-bff', 'console'] },
  { share: 0.25, tier: 'application', types: ['service'], roles: ['orchestrator', 'api', 'workflow'] },
  { share: 0.35, tier: 'domain', types: ['service'], roles: ['core', 'rules', 'index', 'profile'] },
  { share: 0.1, tier: 'platform', types: ['service'], roles: ['audit', 'tokens', 'limits'] },
  {
    share: 0.2,
    tier: 'data',
    types: ['database', 'cache', 'database', 'queue', 'external'],
    roles: ['store', 'cache', 'ledger', 'events', 'provider'],
  },
];
const DOMAINS = ['accounts', 'billing', 'catalog', 'checkout', 'fraud', 'inventory', 'loyalty', 'orders', 'pricing'];
const TEAMS = ['amber', 'birch', 'cobalt', 'delta', 'ember', 'fjord'];
const ENVIRONMENT = 'production';
/** Real graphs have a few cycles: of a thousand edges, so many are answered by one in the other direction. */
const MUTUAL_PER_MILLE = 2;
/** A draw that repeats an edge is drawn again, unless the graph is so dense that this does not end. */
const MAX_DRAWS_PER_EDGE = 50;

/** Draws one after the other from a seed; unlike the noise of the simulation, a graph is made once from the start. */
function drawer(seed: number): (below: number) => number {
  let step = 0;
  return (below) => Math.floor(hashUnit(seed, 0x67656e, (step += 1)) * below);
}

/**
 * A layered graph for benches, tests and trials: entries on top, data stores at the bottom, everything reachable from
 * above, some resources much more used than others, a few cycles. Gives exactly `edges` edges where the layers have
 * room for them, and at least as many as reaching everything takes. Deterministic.
 */
export function generateTopology({ services, edges, seed }: GenerateOptions): GeneratedTopology {
  const draw = drawer(seed);
  const layers = splitIntoLayers(services);
  const resources = layers.flatMap((size, layer) => Array.from({ length: size }, (_, i) => resource(layer, i, draw)));
  const firstOf = layers.map((_, layer) => layers.slice(0, layer).reduce((sum, size) => sum + size, 0));
  const layerOf = layers.flatMap((size, layer) => Array.from({ length: size }, () => layer));

  const keys = new Set<number>();
  const add = (source: number, target: number): boolean => {
    const key = source * services + target;
    if (source === target || keys.has(key)) return false;
    keys.add(key);
    return true;
  };
  for (let target = layers[0] ?? 0; target < services; target += 1) {
    const above = layerOf[target] - 1;
    add(firstOf[above] + draw(layers[above]), target);
  }
  const belowFirst = (source: number): number => firstOf[layerOf[source]] + layers[layerOf[source]];
  const callers = layers.length > 1 ? firstOf[layers.length - 1] : 0;
  for (let tries = 0; callers > 0 && keys.size < edges && tries < edges * MAX_DRAWS_PER_EDGE; tries += 1) {
    const source = draw(callers);
    const below = belowFirst(source);
    // The smaller of two draws: resources at the front of the list below get more callers than those at its end.
    const target = below + Math.min(draw(services - below), draw(services - below));
    const added = add(source, target);
    const mutual = draw(1000) < MUTUAL_PER_MILLE;
    if (added && mutual && layerOf[source] > 0 && keys.size < edges) add(target, source);
  }
  const dependencies = [...keys].map((key) => ({
    source: resources[Math.floor(key / services)].id,
    target: resources[key % services].id,
  }));
  return { resources, dependencies };
}

function splitIntoLayers(services: number): number[] {
  if (services <= LAYERS.length) return Array.from({ length: services }, () => 1);
  const sizes = LAYERS.map(({ share }) => Math.max(1, Math.floor(share * services)));
  const rest = services - sizes.reduce((sum, size) => sum + size, 0);
  // The widest layer takes what rounding left over, or gives what it took too much.
  sizes[3] += rest;
  return sizes;
}

function resource(layer: number, index: number, draw: (below: number) => number): Resource {
  const { tier, types, roles } = LAYERS[layer];
  const kind = index % roles.length;
  const domain = DOMAINS[Math.floor(index / roles.length) % DOMAINS.length];
  const number = Math.floor(index / (DOMAINS.length * roles.length));
  const name = `${domain}-${roles[kind]}${number === 0 ? '' : `-${number + 1}`}`;
  return {
    id: name,
    name,
    resource_type: types[kind % types.length],
    labels: { namespace: domain, team: TEAMS[draw(TEAMS.length)], tier, environment: ENVIRONMENT },
  };
}
