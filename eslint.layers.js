/**
 * Who may import whom; docs/architecture.md tells why. Read by eslint.layers-rule.js, which fails the build on any other
 * import and on a file that stands in no layer.
 *
 * `at`        files, or folders with a trailing slash. The first layer that matches a file is its layer.
 * `alias`     name by which other workspaces import it.
 * `may`       layers it may import; itself always.
 * `types`     layers of which it may import types, and nothing that exists at run time.
 * `packages`  third-party packages (names, or prefixes with a trailing slash or colon); absent: any.
 *
 * @typedef {{ at: string[], alias?: string, may: string[], types?: string[], packages?: string[] }} Layer
 */

const BRIDGE = 'backend-bridge/src';
/** What a source, a store or a bus stands on. */
const GROUND = ['protocol', 'errors', 'clock', 'telemetry'];
/** The side of the bridge that diagnoses; it runs in the worker thread and knows of no client. */
const DIAGNOSIS = [
  ...GROUND,
  'config',
  'ports',
  'simulator',
  'engine',
  'sources',
  'history',
  'cluster',
  'layout',
  'publisher',
];
const SERVICE = [...DIAGNOSIS, 'pipeline', 'access', 'connections', 'http'];
/** Whoever is handed a slice of the settings may name its type, and may not load settings. */
const SLICE = ['config'];
const BROWSER = ['ui', 'protocol'];
const PANELS = ['topology-panel', 'diagnostics-panel'];
/** Panels on pages that are no dashboards. */
const HOSTING = [...PANELS, 'panel-hosting'];

/** @type {Record<string, Layer>} */
export const LAYERS = {
  protocol: { at: ['packages/protocol/src/'], alias: '@topdeck/protocol', may: [], packages: ['typebox'] },
  'grafana-plugin-sdk': {
    at: ['packages/grafana-plugin-sdk/src/'],
    alias: '@topdeck/grafana-plugin-sdk',
    may: [],
    packages: ['@grpc/', '@bufbuild/protobuf', 'flatbuffers', 'node:'],
  },

  errors: { at: [`${BRIDGE}/errors.ts`], may: [], packages: [] },
  clock: { at: [`${BRIDGE}/clock.ts`], may: [], packages: [] },
  config: {
    at: ['config.ts', 'config-schema.ts', 'config-rules.ts', 'config-problems.ts'].map((file) => `${BRIDGE}/${file}`),
    may: ['protocol', 'errors'],
  },
  telemetry: { at: [`${BRIDGE}/telemetry/`], may: [] },
  ports: {
    at: [
      `${BRIDGE}/sources/topology-source.ts`,
      `${BRIDGE}/sources/metrics-source.ts`,
      `${BRIDGE}/history/history-store.ts`,
      `${BRIDGE}/history/incident-store.ts`,
      `${BRIDGE}/cluster/cluster.ts`,
    ],
    may: ['protocol'],
    packages: [],
  },
  simulator: { at: [`${BRIDGE}/simulator/`], may: ['protocol', 'errors', 'clock'] },
  engine: { at: [`${BRIDGE}/engine/`], may: ['protocol'], packages: [] },
  sources: { at: [`${BRIDGE}/sources/`], may: [...GROUND, 'ports', 'simulator'], types: SLICE },
  history: { at: [`${BRIDGE}/history/`], may: [...GROUND, 'ports'], types: SLICE },
  cluster: { at: [`${BRIDGE}/cluster/`], may: [...GROUND, 'ports'], types: SLICE },
  layout: { at: [`${BRIDGE}/layout/`], may: ['protocol'], packages: [] },
  publisher: { at: [`${BRIDGE}/publisher/`], may: [...GROUND, 'engine'], types: ['ports', 'layout'] },
  pipeline: { at: [`${BRIDGE}/pipeline/`], may: DIAGNOSIS },
  access: { at: [`${BRIDGE}/access/`], may: GROUND, types: SLICE },
  connections: { at: [`${BRIDGE}/connections/`], may: GROUND, types: [...SLICE, 'publisher'] },
  http: {
    at: [`${BRIDGE}/http/`],
    may: ['protocol', 'errors', 'telemetry', 'access'],
    types: [...SLICE, 'clock', 'publisher', 'connections', 'ports'],
  },
  main: { at: [`${BRIDGE}/main.ts`], may: ['app', 'config', 'errors', 'clock', 'telemetry'] },
  simulate: { at: [`${BRIDGE}/simulate.ts`], may: [...GROUND, 'config', 'simulator', 'sources'] },
  app: { at: [`${BRIDGE}/`], may: SERVICE },

  frames: {
    at: ['backend-datasource/src/frames/'],
    alias: '@topdeck/backend-datasource/frames',
    may: ['protocol', 'grafana-plugin-sdk', 'bridge-client'],
    packages: ['re2js'],
  },
  'bridge-client': {
    at: ['backend-datasource/src/bridge/'],
    alias: '@topdeck/backend-datasource/bridge',
    may: ['protocol'],
    types: ['grafana-plugin-sdk', 'backend-datasource'],
    packages: ['node:', 'ws', 'typebox'],
  },
  'backend-datasource': {
    at: ['backend-datasource/src/'],
    may: ['protocol', 'grafana-plugin-sdk', 'frames', 'bridge-client'],
  },

  ui: { at: ['src/ui/'], may: ['protocol'] },
  datasource: { at: ['src/datasource/'], may: BROWSER },
  'topology-panel': { at: ['src/panels/topology/'], may: BROWSER },
  'diagnostics-panel': { at: ['src/panels/diagnostics/'], may: BROWSER },
  'panel-hosting': { at: ['src/panels/hosting/'], may: [...BROWSER, ...PANELS] },
  'app-plugin': { at: ['src/app/', 'src/module.tsx', 'src/plugin.json'], may: [...BROWSER, ...HOSTING] },
  preview: { at: ['src/preview/'], may: [...BROWSER, ...HOSTING, 'frames', 'bridge-client', 'grafana-plugin-sdk'] },
};

/** Not in the map: they may import anything, and nothing of the map may import them. */
export const OUTSIDE = [
  'tests/',
  'docs/',
  'build/',
  'packages/protocol/test/',
  'packages/grafana-plugin-sdk/test/',
].concat(
  ['packages/grafana-plugin-sdk/proto/', 'backend-bridge/test/', 'backend-datasource/test/', 'src/test/'],
  ['eslint.config.js', 'eslint.layers.js', 'eslint.layers-rule.js', 'jest.config.js', 'webpack.config.ts'],
);
