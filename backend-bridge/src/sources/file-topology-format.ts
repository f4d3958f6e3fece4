import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { LineCounter, parseDocument } from 'yaml';
import type { Topology } from '@topdeck/protocol';
import { BridgeError } from '../errors.ts';
import { TopologyBuilder } from './build-topology.ts';

type Scalar = string | number | boolean | null;
const idOf = (whose: string) =>
  Type.Unsafe<string | number>({
    type: ['string', 'number'],
    minLength: 1,
    maxLength: 512,
    description: `${whose}: text of 1 to 512 characters, or a number`,
  });
const scalar = (description: string) =>
  Type.Unsafe<Scalar>({ type: ['string', 'number', 'boolean', 'null'], description });

/** Further keys are welcome: scalar ones may become labels, others belong to whoever wrote them. */
const ResourceEntry = Type.Object({
  id: idOf('the id'),
  name: Type.Optional(scalar('text')),
  resource_type: Type.Optional(scalar('text')),
  labels: Type.Optional(
    Type.Unsafe<Record<string, Scalar> | null>({
      type: ['object', 'null'],
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
      description: 'a mapping of names to text, numbers or booleans',
    }),
  ),
});
type ResourceEntry = Static<typeof ResourceEntry> & Record<string, unknown>;
const DependencyEntry = Type.Object({ source: idOf('id of the caller'), target: idOf('id of the called') });
type DependencyEntry = Static<typeof DependencyEntry>;

const LISTS = { resources: ResourceEntry, dependencies: DependencyEntry } as const;
type ListName = keyof typeof LISTS;
const LIST_NAMES = Object.keys(LISTS) as ListName[];
const compiled = { resources: Compile(ResourceEntry), dependencies: Compile(DependencyEntry) };

type Path = readonly (string | number)[];
interface Fault {
  readonly path: Path;
  readonly problem: string;
}
interface Parsed {
  readonly value: unknown;
  /** Faults of the syntax; with some, `value` means nothing. */
  readonly syntax: readonly string[];
  /** Line of an entry, where the format tells. */
  readonly lineOf: (path: Path) => number | undefined;
}

export interface FileFormat {
  /** JSON is for large graphs: 10,000 resources with 50,000 dependencies take 0.1 s, as YAML 4 s. */
  readonly format: 'json' | 'yaml';
  /** Further scalar keys of a resource kept as labels; those under its own `labels` are all kept. */
  readonly labels: readonly string[];
  readonly maxNodes: number;
  readonly maxEdges: number;
}

/** An invalid file may repeat one mistake on every line: the first ones are shown, the others counted. */
const MAX_FAULTS_SHOWN = 20;

function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text) as unknown, syntax: [], lineOf: () => undefined };
  } catch (error) {
    return { value: undefined, syntax: [(error as Error).message], lineOf: () => undefined };
  }
}

function parseYaml(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map(({ message, pos }) => `line ${lines.linePos(pos[0]).line}: ${message}`);
  if (syntax.length > 0) return { value: undefined, syntax, lineOf: () => undefined };
  const lineOf = (path: Path): number | undefined => {
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    return node?.range === undefined ? undefined : lines.linePos(node.range[0]).line;
  };
  try {
    return { value: document.toJS() as unknown, syntax, lineOf };
  } catch (error) {
    // Aliases are resolved only here; the parser stops documents whose aliases multiply without end.
    return { value: undefined, syntax: [(error as Error).message], lineOf };
  }
}

function entryFaults(list: ListName, index: number, entry: unknown): Fault[] {
  const faults = new Map<string, Fault>();
  for (const { keyword, instancePath, params } of compiled[list].Errors(entry)) {
    const [, field] = instancePath.split('/');
    if (keyword === 'required') {
      for (const name of params.requiredProperties) faults.set(name, { path: [list, index], problem: `needs ${name}` });
    } else if (field === undefined) faults.set('', { path: [list, index], problem: 'expected a mapping' });
    else {
      const { description } = (LISTS[list].properties as Record<string, { description?: string }>)[field] ?? {};
      faults.set(field, { path: [list, index, field], problem: `expected ${description}` });
    }
  }
  return [...faults.values()];
}

function findFaults(value: unknown): Fault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ path: [], problem: 'expected a mapping with resources and dependencies' }];
  const root = value as Record<string, unknown>;
  const faults: Fault[] = Object.keys(root)
    .filter((key) => !LIST_NAMES.includes(key as ListName))
    .map((key) => ({ path: [key], problem: 'unknown key' }));
  for (const list of LIST_NAMES) {
    const entries = root[list];
    const required = list === 'resources';
    if (entries === undefined && required) faults.push({ path: [], problem: 'needs resources' });
    else if (Array.isArray(entries)) {
      const check = compiled[list];
      entries.forEach((entry, index) => {
        if (!check.Check(entry)) faults.push(...entryFaults(list, index, entry));
      });
    } else if (required || (entries !== undefined && entries !== null))
      faults.push({ path: [list], problem: 'expected a list' });
  }
  return faults;
}

function describe({ path, problem }: Fault, lineOf: Parsed['lineOf']): string {
  const where = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  const line = lineOf(path);
  return `${line === undefined ? '' : `line ${line}: `}${where === '' ? '' : `${where.slice(1)}: `}${problem}`;
}

function invalid(faults: readonly string[]): BridgeError {
  const shown = faults.slice(0, MAX_FAULTS_SHOWN);
  if (faults.length > shown.length) shown.push(`and ${faults.length - shown.length} more`);
  return new BridgeError('TOPOLOGY_FILE_INVALID', { detail: `\n  ${shown.join('\n  ')}` });
}

function checkSize(list: ListName, size: number, max: number): void {
  if (size > max)
    throw new BridgeError('TOPOLOGY_TOO_LARGE', { detail: `the file has ${size} ${list}, more than ${max}` });
}

function labelsOf(entry: ResourceEntry, labelKeys: readonly string[]): Record<string, unknown> {
  const labels: Record<string, unknown> = {};
  for (const key of labelKeys) if (Object.hasOwn(entry, key)) labels[key] = entry[key];
  return { ...labels, ...entry.labels };
}

/**
 * The topology of a file's text. Throws TOPOLOGY_FILE_INVALID with the faults and their lines, or TOPOLOGY_TOO_LARGE.
 * Duplicates, self edges and dependencies of unknown resources are no faults of the format: they are counted as issues.
 */
export function parseTopologyFile(text: string, options: FileFormat): Topology {
  const { value, syntax, lineOf } = options.format === 'json' ? parseJson(text) : parseYaml(text);
  if (syntax.length > 0) throw invalid(syntax);
  const faults = findFaults(value);
  if (faults.length > 0) throw invalid(faults.map((fault) => describe(fault, lineOf)));
  const file = value as { resources: ResourceEntry[]; dependencies?: DependencyEntry[] | null };
  const { resources } = file;
  // A key without entries is null in YAML: a graph without dependencies is a graph, one without resources a mistake.
  const dependencies = file.dependencies ?? [];
  checkSize('resources', resources.length, options.maxNodes);
  checkSize('dependencies', dependencies.length, options.maxEdges);
  const builder = new TopologyBuilder();
  for (const entry of resources) {
    const { id, name, resource_type } = entry;
    builder.addResource({ id, name, resource_type, labels: labelsOf(entry, options.labels) });
  }
  for (const { source, target } of dependencies) builder.addDependency(source, target);
  return builder.build();
}
