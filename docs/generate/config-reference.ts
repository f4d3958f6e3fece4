import {
  CONFIG_FILE_KEY,
  CONFIG_KEYS,
  configKeyMeta,
  type ConfigKey,
  type ConfigKeyMeta,
} from '../../backend-bridge/src/config-schema.ts';
import { code, GENERATED, table } from './markdown.ts';

/** A longer default would make the table unreadable; it stands below. */
const MAX_DEFAULT_LENGTH = 40;

/** A file that shows each kind of value; a test loads it. */
export const EXAMPLE = `PORT: 8000
ALLOWED_ORIGINS: [https://grafana.example.org]
NEO4J_URI: neo4j+s://graph.example.org
PROMETHEUS_URL: https://prometheus.example.org
METRICS_PRESET: otel-servicegraph
PROMETHEUS_HEADERS: { X-Scope-OrgID: tenant-1 }
THRESHOLDS: { error_rate: 0.02 }
THRESHOLD_OVERRIDES:
  - match: ^batch-
    thresholds: { latency_p95_s: 30 }
`;

const TYPE_WORDS: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false', object: 'mapping' };

function typeOf(meta: ConfigKeyMeta): string {
  const items = (meta as { items?: { type: string } }).items;
  const type = meta.type ?? '';
  const words =
    type === 'array' ? (items?.type === 'string' ? 'list of texts' : 'list of mappings') : (TYPE_WORDS[type] ?? type);
  return meta.secret === true ? `${words}, secret` : words;
}

function rangeOf({ enum: choices, minimum, maximum, pattern }: ConfigKeyMeta): string {
  if (choices !== undefined) return choices.map(code).join(', ');
  if (minimum !== undefined) return `${minimum} – ${maximum}`;
  return pattern === undefined ? '' : code(pattern);
}

function defaultText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function defaultOf(meta: ConfigKeyMeta): string {
  const text = defaultText(meta.default);
  if (text === undefined) return '';
  return text.length > MAX_DEFAULT_LENGTH ? 'see below' : code(text);
}

function longDefault(key: ConfigKey): string[] {
  const text = defaultText(configKeyMeta(key).default) ?? '';
  return text.length > MAX_DEFAULT_LENGTH ? [`Default of ${code(key)}:`, `\`\`\`text\n${text}\n\`\`\``] : [];
}

function section(group: string, keys: readonly ConfigKey[]): string {
  const rows = keys.map((key) => {
    const meta = configKeyMeta(key);
    return [code(key), typeOf(meta), defaultOf(meta), rangeOf(meta), meta.description];
  });
  return [
    `## ${group}`,
    table(['Key', 'Type', 'Default', 'Range', 'Description'], rows),
    ...keys.flatMap(longDefault),
  ].join('\n\n');
}

/** docs/config.md: every setting of the bridge, from its schema. */
export function configReference(): string {
  const groups = [...new Set(CONFIG_KEYS.map((key) => configKeyMeta(key).group))];
  return [
    GENERATED,
    '# Configuration',
    `Settings come from the environment, or from a YAML file of the same keys that ${code(CONFIG_FILE_KEY)} names; where both have a key, the environment counts. In the environment lists are comma-separated and mappings are JSON. An empty variable is as good as none. Unknown keys and invalid values stop the start, all of them listed. Secrets are never printed; keep them in the environment.`,
    `\`\`\`yaml\n${EXAMPLE}\`\`\``,
    ...groups.map((group) =>
      section(
        group,
        CONFIG_KEYS.filter((key) => configKeyMeta(key).group === group),
      ),
    ),
    'Source: `backend-bridge/src/config-schema.ts`.',
  ].join('\n\n');
}
