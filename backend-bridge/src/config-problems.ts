import Value from 'typebox/value';
import { RULES } from './config-rules.ts';
import { CONFIG_KEYS, ConfigSchema, configKeyMeta, type ConfigKey, type ConfigValues } from './config-schema.ts';

/** What is wrong with a key: `PORT` → `expected integer from 0 to 65535`. Values are never quoted, for they may be secret. */
export type Problems = Map<string, string>;

const isKnown = (key: string): key is ConfigKey => CONFIG_KEYS.includes(key as ConfigKey);

/** Changes of one character that turn a into b (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substituted = previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(previous[column] + 1, current[column - 1] + 1, substituted));
    }
    previous = current;
  }
  return previous[b.length];
}

const NEAR = 2;
/** The known key that `key` is most likely a slip of. */
function nearKey(key: string): ConfigKey | undefined {
  const candidates = CONFIG_KEYS.map((known) => ({ known, steps: distance(key, known) }));
  const [nearest] = candidates.sort((a, b) => a.steps - b.steps);
  return nearest.steps <= NEAR ? nearest.known : undefined;
}

function unknownKey(key: string): string {
  const near = nearKey(key);
  return near === undefined ? 'unknown key' : `unknown key; did you mean ${near}?`;
}

/** Environment variables that begin like ours but are unknown are mistakes, unless another program owns them. */
const OUR_PREFIXES =
  /^(NEO4J|PROMETHEUS|TOPOLOGY|HISTORY|JWT|COLLECT|METRICS|THRESHOLDS?|MAX_CONNECTIONS|AUTH_TOKENS?)(_|$)/;
/** What Neo4j's own image reads, and what our tests are told. */
const FOREIGN =
  /^NEO4J_(AUTH|HOME|CONF|EDITION|PLUGINS|ACCEPT_LICENSE_AGREEMENT|TEST_URL|TEST_USERNAME|TEST_PASSWORD)$|^PROMETHEUS_TEST_(BIN|URL)$|[a-z]/;
/** What Kubernetes sets for a service called neo4j or prometheus: NEO4J_SERVICE_HOST, NEO4J_PORT_7687_TCP_ADDR … */
const SERVICE_LINK = /_(SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)$/;
/** Shorter names are too common for a resemblance to mean anything. */
const MIN_SLIP_LENGTH = 8;

/** Unknown keys of the environment that were meant for the bridge, as far as one can tell. */
export function environmentProblems(names: readonly string[]): Problems {
  const problems: Problems = new Map();
  for (const name of names) {
    if (isKnown(name) || FOREIGN.test(name) || SERVICE_LINK.test(name)) continue;
    const isSlip = name.length >= MIN_SLIP_LENGTH && nearKey(name) !== undefined;
    if (isSlip || OUR_PREFIXES.test(name)) problems.set(name, unknownKey(name));
  }
  return problems;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text that is not empty',
  array: 'a list of texts',
  object: 'a mapping',
  boolean: 'true or false',
};

/** What a key expects as a whole. */
export function expectation(key: ConfigKey): string {
  const { enum: choices, minimum, maximum, pattern, type = '' } = configKeyMeta(key);
  if (choices !== undefined) return `expected one of ${choices.join(', ')}`;
  if (minimum !== undefined) return `expected ${type} from ${minimum} to ${maximum}`;
  if (pattern !== undefined) return `expected text that matches ${pattern}`;
  return `expected ${TYPE_WORDS[type] ?? type}`;
}

/** Key by key, since the library reports only the first few faults of a whole. */
function valueProblem(key: ConfigKey, value: unknown): string | undefined {
  const faults = Value.Errors(ConfigSchema.properties[key], value);
  const fault = faults.find(({ keyword }) => keyword === 'additionalProperties') ?? faults[0];
  if (fault === undefined) return undefined;
  const within = fault.instancePath.split('/').slice(1).join('.');
  if (fault.keyword === 'additionalProperties') {
    const names = fault.params.additionalProperties;
    return `${within === '' ? '' : `${within}: `}unknown ${names.join(', ')}`;
  }
  return within === '' ? expectation(key) : `${within}: ${fault.message}`;
}

/** Everything that is wrong with values that have their defaults. */
export function valueProblems(values: Readonly<Record<string, unknown>>): Problems {
  const problems: Problems = new Map();
  for (const key of Object.keys(values)) {
    const problem = isKnown(key) ? valueProblem(key, values[key]) : unknownKey(key);
    if (problem !== undefined) problems.set(key, problem);
  }
  for (const { keys, faults } of RULES) {
    if (keys.some((key) => problems.has(key))) continue;
    const found = faults(values as ConfigValues);
    if (found.length > 0) problems.set(keys[0], found.join('; '));
  }
  return problems;
}
