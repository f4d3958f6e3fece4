import { parseArgs } from 'node:util';
import { BridgeError } from '../errors.ts';

/** One flag of the stand-alone simulator; the help text and the checks are made from this table. */
interface Flag {
  readonly type: 'string' | 'boolean';
  readonly value?: string;
  readonly default?: string;
  /** Inclusive; the value must be a whole number. */
  readonly range?: readonly [min: number, max: number];
  readonly help: string;
}

const FLAGS = {
  host: { type: 'string', value: 'ADDRESS', default: '127.0.0.1', help: 'address to listen on' },
  port: { type: 'string', value: 'N', default: '9400', range: [0, 65_535], help: 'TCP port; 0 takes a free one' },
  topology: {
    type: 'string',
    value: 'FILE',
    help: 'YAML or JSON file with resources and dependencies (default: the demo graph)',
  },
  services: { type: 'string', value: 'N', range: [1, 100_000], help: 'generate a graph of N resources instead' },
  edges: {
    type: 'string',
    value: 'M',
    range: [0, 500_000],
    help: 'with M dependencies (default: 3 for each resource)',
  },
  seed: {
    type: 'string',
    value: 'N',
    default: '1',
    range: [0, 4_294_967_295],
    help: 'seed of the graph, of all rates and of the noise',
  },
  demo: { type: 'boolean', help: 'let scripted faults come and go, one every 90 s' },
  'service-graph': { type: 'boolean', help: 'also expose traces_service_graph_request_*: the same traffic once more' },
  'neo4j-uri': {
    type: 'string',
    value: 'URI',
    help: 'load the graph into this Neo4j, replacing what was loaded before',
  },
  'neo4j-username': { type: 'string', value: 'NAME', default: 'neo4j', help: 'user; ignored without a password' },
  'neo4j-password-env': {
    type: 'string',
    value: 'VARIABLE',
    default: 'NEO4J_PASSWORD',
    help: 'environment variable that holds the password; unset: no authentication',
  },
  'neo4j-database': { type: 'string', value: 'NAME', help: 'database (default: the user’s home database)' },
  'once-load': { type: 'boolean', help: 'only load the graph into Neo4j, then end' },
  help: { type: 'boolean', help: 'print this' },
} as const satisfies Record<string, Flag>;

type FlagName = keyof typeof FLAGS;
const FLAG_LIST = Object.entries(FLAGS) as [FlagName, Flag][];

export type TopologyChoice =
  | { readonly kind: 'demo' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'generated'; readonly services: number; readonly edges: number };

export interface Neo4jTarget {
  readonly uri: string;
  readonly username: string;
  /** Name of the environment variable. */
  readonly passwordEnv: string;
  readonly database: string | undefined;
}

export interface SimulateOptions {
  readonly host: string;
  readonly port: number;
  readonly topology: TopologyChoice;
  readonly seed: number;
  readonly demo: boolean;
  readonly serviceGraph: boolean;
  readonly neo4j: Neo4jTarget | undefined;
  readonly onceLoad: boolean;
}

const EDGES_PER_RESOURCE = 3;

/** The options, or `help` where the user asked for it. Throws CONFIG_INVALID with every fault. */
export function parseSimulateOptions(args: readonly string[]): SimulateOptions | 'help' {
  const { values, problems } = readFlags(args);
  if (problems.length === 0 && values.help === 'true') return 'help';
  const numberOf = (name: FlagName): number => Number(values[name]);
  if (values.topology !== undefined && values.services !== undefined) problems.push('--topology: excludes --services');
  if (values.edges !== undefined && values.services === undefined) problems.push('--edges: needs --services');
  const neo4jUri = values['neo4j-uri'];
  if (values['once-load'] === 'true' && neo4jUri === undefined) problems.push('--once-load: needs --neo4j-uri');
  if (neo4jUri !== undefined && !/^(neo4j|bolt)(\+s|\+ssc)?:\/\/./.test(neo4jUri))
    problems.push('--neo4j-uri: expected neo4j:// or bolt:// (+s, +ssc)');
  if (problems.length > 0) throw new BridgeError('CONFIG_INVALID', { detail: `\n  ${problems.join('\n  ')}` });

  const services = numberOf('services');
  const topology: TopologyChoice =
    values.topology !== undefined
      ? { kind: 'file', path: values.topology }
      : values.services !== undefined
        ? {
            kind: 'generated',
            services,
            edges: values.edges === undefined ? services * EDGES_PER_RESOURCE : numberOf('edges'),
          }
        : { kind: 'demo' };
  return {
    host: values.host as string,
    port: numberOf('port'),
    topology,
    seed: numberOf('seed'),
    demo: values.demo === 'true',
    serviceGraph: values['service-graph'] === 'true',
    neo4j: neo4jUri === undefined ? undefined : neo4jTarget(neo4jUri, values),
    onceLoad: values['once-load'] === 'true',
  };
}

type FlagValues = Partial<Record<FlagName, string>>;

function neo4jTarget(uri: string, values: FlagValues): Neo4jTarget {
  return {
    uri,
    username: values['neo4j-username'] as string,
    passwordEnv: values['neo4j-password-env'] as string,
    database: values['neo4j-database'],
  };
}

/** Flags as text, `true` for those without a value; parsed leniently, so that every fault is found and not the first. */
function readFlags(args: readonly string[]): { values: FlagValues; problems: string[] } {
  const options = Object.fromEntries(FLAG_LIST.map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const values: FlagValues = {};
  const problems: string[] = [];
  for (const [name, flag] of FLAG_LIST) if (flag.default !== undefined) values[name] = flag.default;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') problems.push(`${token.value}: unexpected`);
    else if (!Object.hasOwn(FLAGS, token.name)) problems.push(`${token.rawName}: unknown flag`);
    else {
      const name = token.name as FlagName;
      const problem = valueProblem(FLAGS[name], token.value);
      if (problem === undefined) values[name] = token.value ?? 'true';
      else problems.push(`--${name}: ${problem}`);
    }
  }
  return { values, problems };
}

function valueProblem(flag: Flag, value: string | undefined): string | undefined {
  if (flag.type === 'boolean') return value === undefined ? undefined : 'takes no value';
  // A value that looks like a flag is the next flag, after one whose value was forgotten.
  if (value === undefined || value === '' || value.startsWith('--')) return `expected ${flag.value}`;
  if (flag.range === undefined) return undefined;
  const [min, max] = flag.range;
  const inRange = /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
  return inRange ? undefined : `expected a whole number from ${min} to ${max}`;
}

/** What `--help` prints. */
export function simulateHelp(): string {
  const left = FLAG_LIST.map(([name, flag]) => `  --${name}${flag.value === undefined ? '' : ` ${flag.value}`}`);
  const width = Math.max(...left.map((text) => text.length));
  const lines = FLAG_LIST.map(([, flag], index) => {
    const standard = flag.default === undefined ? '' : ` (default: ${flag.default})`;
    return `${left[index].padEnd(width)}  ${flag.help}${standard}`;
  });
  return [
    'A simulated system of services, for Prometheus to scrape and Neo4j to hold.',
    '',
    'Usage: npm run simulate -- [flags]',
    '',
    ...lines,
    '',
    'GET / on the running simulator lists what it serves. It asks nobody for credentials: keep it on a trusted network.',
    '',
  ].join('\n');
}
