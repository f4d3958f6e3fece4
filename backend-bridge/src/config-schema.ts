import Type, { type Static } from 'typebox';
import { Thresholds } from '@topdeck/protocol';

/** Keys of one kind stand together in docs/config.md under this heading. */
type Group = 'Server' | 'Topology' | 'Metrics' | 'Diagnosis' | 'History' | 'Authentication' | 'Limits' | 'Logging';
type Meta = {
  readonly group: Group;
  readonly description: string;
  /** Never printed, never logged; handed on as a Secret. */
  readonly secret?: true;
};

const text = (meta: Meta & { default?: string; enum?: string[]; pattern?: string }) =>
  Type.String({ minLength: 1, ...meta });
const secret = (group: Group, description: string) => Type.String({ minLength: 1, group, description, secret: true });
const integer = (meta: Meta & { default: number; minimum: number; maximum: number }) => Type.Integer(meta);
const number = (meta: Meta & { default: number; minimum: number; maximum: number }) => Type.Number(meta);
const flag = (meta: Meta & { default: boolean }) => Type.Boolean(meta);
const list = (meta: Meta & { default: string[] }) => Type.Array(Type.String({ minLength: 1 }), meta);
const opt = Type.Optional;

export const DEFAULT_NODES_QUERY =
  'MATCH (n) WHERE n.id IS NOT NULL RETURN n.id AS id, n.name AS name, n.resource_type AS resource_type, labels(n) AS labels, [key IN $label_keys WHERE n[key] IS NOT NULL | [key, n[key]]] AS properties';
export const DEFAULT_EDGES_QUERY = 'MATCH (s)-[:DEPENDS_ON]->(t) RETURN s.id AS source, t.id AS target';

/** Partial drops the option of the whole, and a misspelt threshold would be passed over. */
const STRICT = { additionalProperties: false } as const;

/** Per-entity thresholds: the first entry whose pattern matches the whole resource id wins, key by key. */
const ThresholdOverrides = Type.Array(
  Type.Object(
    {
      match: Type.String({ minLength: 1, description: 'regular expression on resource ids' }),
      thresholds: Type.Partial(Thresholds, STRICT),
    },
    { additionalProperties: false },
  ),
  {
    group: 'Diagnosis',
    default: [],
    description: 'Thresholds for single entities: a list of {match, thresholds}; an edge takes those of its target',
  },
);

/**
 * Every setting. Keys are the names of environment variables and of the YAML file's entries alike; docs/config.md is
 * generated from this. In the environment, lists are comma-separated and structured values are JSON.
 */
export const ConfigSchema = Type.Object(
  {
    HOST: text({
      group: 'Server',
      default: '127.0.0.1',
      description: 'Address to listen on. Anything but loopback needs authentication',
    }),
    PORT: integer({
      group: 'Server',
      default: 8000,
      minimum: 0,
      maximum: 65535,
      description: 'TCP port; 0 takes a free one',
    }),
    ALLOWED_ORIGINS: list({
      group: 'Server',
      default: [],
      description: 'Origins of browser pages allowed besides loopback ones, for example https://grafana.example.org',
    }),
    TRUSTED_PROXIES: list({
      group: 'Server',
      default: [],
      description: 'Addresses or CIDR ranges of reverse proxies whose X-Forwarded-For is believed',
    }),

    NEO4J_URI: opt(
      text({
        group: 'Topology',
        pattern: '^(neo4j|bolt)(\\+s|\\+ssc)?://.+',
        description: 'neo4j:// or bolt:// (+s, +ssc). Absent: the topology file',
      }),
    ),
    NEO4J_USERNAME: text({ group: 'Topology', default: 'neo4j', description: 'User; ignored without a password' }),
    NEO4J_PASSWORD: opt(secret('Topology', 'Password; absent: no authentication')),
    NEO4J_DATABASE: opt(text({ group: 'Topology', description: 'Database; absent: the user’s home database' })),
    NEO4J_NODES_QUERY: text({
      group: 'Topology',
      default: DEFAULT_NODES_QUERY,
      description:
        'Cypher that returns id and, where there are such, name, resource_type, labels (of the node; the first stands in for a missing type) and properties (a map, or a list of [key, value]); $label_keys is TOPOLOGY_LABELS',
    }),
    NEO4J_EDGES_QUERY: text({
      group: 'Topology',
      default: DEFAULT_EDGES_QUERY,
      description: 'Cypher that returns source and target ids; the source calls the target',
    }),
    NEO4J_TIMEOUT_S: number({
      group: 'Topology',
      default: 30,
      minimum: 0.1,
      maximum: 600,
      description: 'Longest a topology query may take',
    }),
    TOPOLOGY_FILE: opt(
      text({
        group: 'Topology',
        description: 'YAML or JSON file with resources and dependencies. Absent: the embedded demo',
      }),
    ),
    TOPOLOGY_REFRESH_S: number({
      group: 'Topology',
      default: 30,
      minimum: 1,
      maximum: 3600,
      description: 'Seconds between topology refreshes',
    }),
    TOPOLOGY_LABELS: list({
      group: 'Topology',
      default: ['namespace', 'environment', 'team', 'tier', 'region', 'cluster'],
      description: 'Node properties kept as labels',
    }),
    TOPOLOGY_MAX_NODES: integer({
      group: 'Topology',
      default: 200000,
      minimum: 1,
      maximum: 1000000,
      description: 'A larger graph is refused; the last good one stays',
    }),
    TOPOLOGY_MAX_EDGES: integer({
      group: 'Topology',
      default: 1000000,
      minimum: 1,
      maximum: 5000000,
      description: 'A larger graph is refused; the last good one stays',
    }),

    PROMETHEUS_URL: opt(
      text({
        group: 'Metrics',
        pattern: '^https?://.+',
        description: 'Base URL of a Prometheus-compatible API (before /api/v1). Absent: the embedded simulator',
      }),
    ),
    METRICS_PRESET: text({
      group: 'Metrics',
      default: 'topdeck',
      description: 'topdeck, otel-servicegraph, otel-spanmetrics, istio, or the path of a YAML file',
    }),
    PROMETHEUS_USERNAME: opt(text({ group: 'Metrics', description: 'Basic authentication, with PROMETHEUS_PASSWORD' })),
    PROMETHEUS_PASSWORD: opt(secret('Metrics', 'Basic authentication')),
    PROMETHEUS_TOKEN: opt(secret('Metrics', 'Bearer token; excludes basic authentication')),
    PROMETHEUS_HEADERS: Type.Record(Type.String(), Type.String(), {
      group: 'Metrics',
      secret: true,
      default: {},
      description: 'Extra headers, for example X-Scope-OrgID',
    }),
    PROMETHEUS_CA_FILE: opt(
      text({ group: 'Metrics', description: 'PEM file with the certificate authority of an https URL' }),
    ),
    PROMETHEUS_TIMEOUT_S: number({
      group: 'Metrics',
      default: 10,
      minimum: 0.1,
      maximum: 120,
      description: 'Longest one query may take',
    }),
    PROMETHEUS_RATE_WINDOW: text({
      group: 'Metrics',
      default: '1m',
      pattern: '^[0-9]+(ms|s|m|h|d)$',
      description: 'Window of rate(); at least four scrape intervals',
    }),
    BACKFILL_S: integer({
      group: 'Metrics',
      default: 3600,
      minimum: 0,
      maximum: 86400,
      description: 'How far back detectors are warmed at start; 0: not at all',
    }),
    SEASON_BACKFILL_DAYS: integer({
      group: 'Metrics',
      default: 14,
      minimum: 0,
      maximum: 90,
      description:
        'How far back day and week of each series are read at the first start, in long strides; 0: they are learnt as they pass',
    }),
    SIMULATOR_SEED: integer({
      group: 'Metrics',
      default: 1,
      minimum: 0,
      maximum: 4294967295,
      description: 'Seed of the embedded simulator',
    }),

    COLLECT_INTERVAL_S: number({
      group: 'Diagnosis',
      default: 5,
      minimum: 1,
      maximum: 300,
      description: 'Seconds between collections',
    }),
    LISTENER_GRACE_S: number({
      group: 'Diagnosis',
      default: 60,
      minimum: 0,
      maximum: 3600,
      description: 'How long diagnosis goes on after the last listener left',
    }),
    THRESHOLDS: Type.Partial(Thresholds, {
      ...STRICT,
      group: 'Diagnosis',
      default: {},
      description: 'Static floors for all entities',
    }),
    THRESHOLD_OVERRIDES: ThresholdOverrides,
    DETECTORS: list({ group: 'Diagnosis', default: ['robust', 'static', 'surprise'], description: 'Detectors in use' }),
    RESUME_WINDOW_S: integer({
      group: 'Diagnosis',
      default: 120,
      minimum: 0,
      maximum: 3600,
      description: 'How long a dropped client can resume without a full snapshot',
    }),
    DELTA_RESOLUTION: number({
      group: 'Diagnosis',
      default: 4,
      minimum: 0,
      maximum: 20,
      description:
        'A value is sent again in deltas when it moved by more than this many of its own standard deviations; 0 sends every change',
    }),

    HISTORY_FILE: text({
      group: 'History',
      default: 'data/history.sqlite',
      description: 'SQLite file for events and health over time; “memory” keeps them in memory',
    }),
    HISTORY_RETENTION_DAYS: number({
      group: 'History',
      default: 30,
      minimum: 0.01,
      maximum: 3650,
      description: 'Older events and health are deleted',
    }),

    ALLOW_UNAUTHENTICATED: flag({
      group: 'Authentication',
      default: false,
      description: 'Allow a HOST other than loopback without authentication',
    }),
    AUTH_TOKENS: opt(
      secret('Authentication', 'Static bearer tokens, comma-separated; each may end in :read or :write (default read)'),
    ),
    JWT_SECRET: opt(secret('Authentication', 'Key for HS256 tokens, at least 32 bytes')),
    JWT_PUBLIC_KEY_FILE: opt(
      text({ group: 'Authentication', description: 'PEM public key for RS256 or ES256 tokens' }),
    ),
    JWT_JWKS_URL: opt(
      text({
        group: 'Authentication',
        pattern: '^https?://.+',
        description: 'JSON Web Key Set for RS256 or ES256 tokens',
      }),
    ),
    JWT_ISSUER: opt(text({ group: 'Authentication', description: 'Required iss' })),
    JWT_AUDIENCE: opt(text({ group: 'Authentication', description: 'Required aud' })),

    MAX_CONNECTIONS: integer({
      group: 'Limits',
      default: 12000,
      minimum: 1,
      maximum: 1000000,
      description: 'WebSocket connections in all',
    }),
    MAX_CONNECTIONS_PER_ADDRESS: integer({
      group: 'Limits',
      default: 200,
      minimum: 1,
      maximum: 1000000,
      description: 'WebSocket connections from one address',
    }),
    CONNECTION_RATE_PER_ADDRESS: number({
      group: 'Limits',
      default: 20,
      minimum: 0.1,
      maximum: 100000,
      description: 'New WebSocket connections a second from one address',
    }),
    MAX_MESSAGE_BYTES: integer({
      group: 'Limits',
      default: 65536,
      minimum: 128,
      maximum: 16777216,
      description: 'Largest message from a client',
    }),
    MESSAGE_RATE: number({
      group: 'Limits',
      default: 20,
      minimum: 0.1,
      maximum: 100000,
      description: 'Messages a second from one client',
    }),
    MAX_SUBSCRIPTIONS: integer({
      group: 'Limits',
      default: 1000,
      minimum: 1,
      maximum: 1000000,
      description: 'Resources one client may subscribe to',
    }),
    IDLE_TIMEOUT_S: number({
      group: 'Limits',
      default: 300,
      minimum: 1,
      maximum: 86400,
      description: 'A client from which nothing, not even a WebSocket pong, came for so long is closed',
    }),
    SLOW_CLIENT_TIMEOUT_S: number({
      group: 'Limits',
      default: 30,
      minimum: 1,
      maximum: 3600,
      description: 'A client that did not drain its queue for so long is closed',
    }),
    MAX_QUEUE_BYTES: integer({
      group: 'Limits',
      default: 1048576,
      minimum: 1024,
      maximum: 1073741824,
      description: 'While more than this waits unsent, a client gets nothing new; afterwards the newest state',
    }),
    HTTP_RATE_PER_ADDRESS: integer({
      group: 'Limits',
      default: 600,
      minimum: 1,
      maximum: 1000000,
      description: 'REST requests a minute from one address',
    }),

    LOG_LEVEL: text({
      group: 'Logging',
      default: 'info',
      enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      description: 'Least level that is logged',
    }),
    LOG_FORMAT: text({
      group: 'Logging',
      default: 'auto',
      enum: ['auto', 'json', 'pretty'],
      description: 'auto: pretty on a terminal, JSON otherwise',
    }),
  },
  { additionalProperties: false },
);

export type ConfigValues = Static<typeof ConfigSchema>;
export type ConfigKey = keyof ConfigValues;
/** Read before the schema applies: names the YAML file itself. */
export const CONFIG_FILE_KEY = 'CONFIG_FILE';

export type ConfigKeyMeta = Meta & {
  readonly type?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
};
/** The schema of one key, as data: for the loader and for the generated reference. */
export const configKeyMeta = (key: ConfigKey): ConfigKeyMeta =>
  ConfigSchema.properties[key] as unknown as ConfigKeyMeta;
export const CONFIG_KEYS = Object.keys(ConfigSchema.properties) as ConfigKey[];
