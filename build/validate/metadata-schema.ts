import Type from 'typebox';

/** What Grafana demands of plugin.json, as far as these plugins use it. An unknown key is a mistake. */
const closed = { additionalProperties: false };
const PLUGIN_ID = '^[0-9a-z]+-([0-9a-z]+-)?(app|panel|datasource)$';

const Info = Type.Object(
  {
    description: Type.Optional(Type.String()),
    author: Type.Optional(
      Type.Object(
        { name: Type.Optional(Type.String()), email: Type.Optional(Type.String()), url: Type.Optional(Type.String()) },
        closed,
      ),
    ),
    keywords: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
    logos: Type.Object({ small: Type.String({ minLength: 1 }), large: Type.String({ minLength: 1 }) }, closed),
    screenshots: Type.Optional(Type.Array(Type.Object({ name: Type.String(), path: Type.String() }, closed))),
    links: Type.Optional(Type.Array(Type.Object({ name: Type.String(), url: Type.String() }, closed))),
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$' }),
    updated: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  },
  closed,
);

const Include = Type.Object(
  {
    type: Type.Enum(['dashboard', 'page', 'panel', 'datasource']),
    name: Type.String({ minLength: 1 }),
    path: Type.String({ minLength: 1 }),
    uid: Type.Optional(Type.String()),
    role: Type.Optional(Type.Enum(['Admin', 'Editor', 'Viewer'])),
    action: Type.Optional(Type.String()),
    icon: Type.Optional(Type.String()),
    addToNav: Type.Optional(Type.Boolean()),
    defaultNav: Type.Optional(Type.Boolean()),
  },
  closed,
);

const flag = Type.Optional(Type.Boolean());

export const PluginMetadata = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    type: Type.Enum(['app', 'datasource', 'panel']),
    id: Type.String({ pattern: PLUGIN_ID }),
    name: Type.String({ minLength: 1 }),
    info: Info,
    dependencies: Type.Object(
      {
        grafanaDependency: Type.String({ minLength: 1 }),
        plugins: Type.Optional(
          Type.Array(
            Type.Object({ id: Type.String({ pattern: PLUGIN_ID }), name: Type.String(), type: Type.String() }),
          ),
        ),
        extensions: Type.Optional(Type.Object({})),
      },
      closed,
    ),
    includes: Type.Optional(Type.Array(Include)),
    category: Type.Optional(
      Type.Enum(['tsdb', 'logging', 'cloud', 'tracing', 'profiling', 'sql', 'enterprise', 'iot', 'other']),
    ),
    state: Type.Optional(Type.Enum(['alpha', 'beta', 'stable', 'deprecated'])),
    executable: Type.Optional(Type.String()),
    queryOptions: Type.Optional(Type.Object({ maxDataPoints: flag, minInterval: flag, cacheTimeout: flag }, closed)),
    extensions: Type.Optional(Type.Object({})),
    routes: Type.Optional(Type.Array(Type.Object({}))),
    roles: Type.Optional(Type.Array(Type.Object({}))),
    languages: Type.Optional(Type.Array(Type.String())),
    buildMode: Type.Optional(Type.String()),
    alerting: flag,
    annotations: flag,
    autoEnabled: flag,
    backend: flag,
    logs: flag,
    metrics: flag,
    multiValueFilterOperators: flag,
    preload: flag,
    skipDataQuery: flag,
    streaming: flag,
    suggestions: flag,
    tracing: flag,
  },
  closed,
);
