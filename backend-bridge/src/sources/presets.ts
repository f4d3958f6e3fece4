import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MetricSpec } from '@topdeck/protocol';
import Value from 'typebox/value';
import { parse as parseYaml } from 'yaml';
import { BridgeError } from '../errors.ts';
import { WELL_KNOWN, type CombineRule } from './metrics-well-known.ts';
import { ENTRY_BY_SCOPE, MAX_METRICS, type PresetEntry, type ResourceMapping } from './presets-schema.ts';

export interface PresetMetric {
  readonly spec: MetricSpec;
  /** PromQL with $window still in it. */
  readonly query: string;
  readonly combine: CombineRule;
  /** One mapping for a service, source and target for an edge. */
  readonly mappings: readonly [ResourceMapping] | readonly [ResourceMapping, ResourceMapping];
}
export interface MetricsPreset {
  readonly name: string;
  readonly description: string;
  /** In the order of the batches' columns. */
  readonly metrics: readonly PresetMetric[];
}

/** Built-in presets are files of the same form as custom ones, so that each is also an example to start from. */
const file = (name: string): string => fileURLToPath(new URL(`presets/${name}.yaml`, import.meta.url));
export const BUILT_IN_PRESETS: Readonly<Record<string, string>> = {
  topdeck: file('topdeck'),
  'otel-servicegraph': file('otel-servicegraph'),
  'otel-spanmetrics': file('otel-spanmetrics'),
  istio: file('istio'),
};

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shapeFaults(entry: Fields): string[] {
  const { scope } = entry;
  if (scope !== 'service' && scope !== 'edge') return ['scope: expected service or edge'];
  return Value.Errors(ENTRY_BY_SCOPE[scope], entry).flatMap((fault) => {
    const path = fault.instancePath.slice(1).replaceAll('/', '.');
    const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
    const params = fault.params as Record<string, readonly string[] | undefined>;
    // An unknown key is reported twice: by itself, and by the object it stands in.
    if (fault.keyword === 'boolean') return [];
    if (fault.keyword === 'additionalProperties')
      return (params['additionalProperties'] ?? []).map((key) => `${at(key)}: unknown key`);
    if (fault.keyword === 'required')
      return (params['requiredProperties'] ?? []).map((key) => `${at(key)}: is missing`);
    if (fault.keyword === 'enum') return [`${path}: expected one of ${(params['allowedValues'] ?? []).join(', ')}`];
    return [`${path}: ${fault.message}`];
  });
}

function patternFaults(field: string, mapping: ResourceMapping): string[] {
  return (mapping.patterns ?? []).flatMap((pattern, index) => {
    const at = `${field}.patterns.${index}`;
    try {
      // An alternative that matches nothing makes every group visible.
      const groups = (new RegExp(`${pattern}|`, 'u').exec('') as RegExpExecArray).length - 1;
      return groups === 1 ? [] : [`${at}: expected one capture group, found ${groups}`];
    } catch (error) {
      return [`${at}: ${(error as Error).message}`];
    }
  });
}

function meaningFaults(entry: PresetEntry): string[] {
  const faults: string[] = [];
  const known = Object.hasOwn(WELL_KNOWN, entry.name) ? WELL_KNOWN[entry.name] : undefined;
  if (known === undefined) {
    for (const key of ['unit', 'bad_direction', 'combine'] as const)
      if (entry[key] === undefined) faults.push(`${key}: is missing (${entry.name} is not a well-known metric)`);
  } else if (entry.unit !== undefined && !known.units.includes(entry.unit)) {
    faults.push(`unit: ${entry.name} is in ${known.units.join(' or ')}; convert it in the query`);
  }
  const placeholder = /\$(?!window\b)[A-Za-z_]\w*/.exec(entry.query)?.[0];
  if (placeholder !== undefined) faults.push(`query: unknown placeholder ${placeholder}; there is only $window`);
  if (entry.scope === 'service') faults.push(...patternFaults('resource', entry.resource));
  else faults.push(...patternFaults('source', entry.source), ...patternFaults('target', entry.target));
  return faults;
}

function faultsOf(document: unknown): string[] {
  if (!isFields(document)) return ['expected a mapping with metrics'];
  const faults = Object.keys(document)
    .filter((key) => key !== 'metrics' && key !== 'description')
    .map((key) => `${key}: unknown key`);
  if (document['description'] !== undefined && typeof document['description'] !== 'string')
    faults.push('description: expected text');
  const { metrics } = document;
  if (!Array.isArray(metrics) || metrics.length === 0) return [...faults, 'metrics: expected a list of metrics'];
  if (metrics.length > MAX_METRICS)
    faults.push(`metrics: ${metrics.length} of them; at most ${MAX_METRICS}, for each is a query every collection`);
  const seen = new Set<string>();
  for (const [index, entry] of (metrics as unknown[]).entries()) {
    const shape = isFields(entry) ? shapeFaults(entry) : ['expected a mapping'];
    const found = shape.length > 0 ? shape : meaningFaults(entry as PresetEntry);
    if (isFields(entry)) {
      const key = `${String(entry['scope'])}.${String(entry['name'])}`;
      if (seen.has(key)) found.push(`name: ${key} is there twice`);
      seen.add(key);
    }
    faults.push(...found.map((fault) => `metrics.${index}.${fault}`));
  }
  return faults;
}

function toMetric(entry: PresetEntry): PresetMetric {
  const known = WELL_KNOWN[entry.name];
  return {
    spec: {
      name: entry.name,
      scope: entry.scope,
      unit: entry.unit ?? known?.units[0],
      bad_direction: entry.bad_direction ?? known?.badDirection,
    },
    query: entry.query.trim(),
    combine: entry.combine ?? known?.combine,
    mappings: entry.scope === 'service' ? [entry.resource] : [entry.source, entry.target],
  };
}

/** A name is a path when it looks like one; a mistyped name is then reported as such and not as a missing file. */
const isPath = (nameOrPath: string): boolean => nameOrPath.includes('/') || /\.(ya?ml|json)$/i.test(nameOrPath);

/**
 * The preset called so, or the one in the YAML or JSON file at this path.
 * Throws METRICS_PRESET_INVALID with every fault found.
 */
export function loadPreset(nameOrPath: string): MetricsPreset {
  const builtIn = Object.hasOwn(BUILT_IN_PRESETS, nameOrPath) ? BUILT_IN_PRESETS[nameOrPath] : undefined;
  if (builtIn === undefined && !isPath(nameOrPath)) {
    const detail = `${nameOrPath}; presets are ${Object.keys(BUILT_IN_PRESETS).join(', ')}`;
    throw new BridgeError('METRICS_PRESET_INVALID', { detail });
  }
  let document: unknown;
  try {
    document = parseYaml(readFileSync(builtIn ?? nameOrPath, 'utf8'));
  } catch (cause) {
    const detail = `${nameOrPath} (${(cause as Error).message.split('\n')[0]})`;
    throw new BridgeError('METRICS_PRESET_INVALID', { detail, cause });
  }
  const faults = faultsOf(document);
  if (faults.length > 0) {
    throw new BridgeError('METRICS_PRESET_INVALID', { detail: `${nameOrPath}\n  ${faults.join('\n  ')}` });
  }
  const { description, metrics } = document as { description?: string; metrics: PresetEntry[] };
  return { name: nameOrPath, description: description ?? '', metrics: metrics.map(toMetric) };
}

/** PromQL as it is sent. `window` is a PromQL duration such as 1m. */
export const renderQuery = (metric: PresetMetric, window: string): string =>
  metric.query.replaceAll(/\$window\b/g, window);
