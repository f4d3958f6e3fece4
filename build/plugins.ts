/**
 * The plugins of one installation. Each is built by itself, since Grafana serves each under its own id: a nested plugin
 * cannot load a chunk that lies beside its parent's.
 */
export interface PluginPart {
  readonly id: string;
  /** Below src/ and below dist/; empty for the app, which holds the others. */
  readonly folder: string;
  readonly entry: 'module.ts' | 'module.tsx';
}

export const APP_ID = 'topdeck-livediagnostics-app';

export const PLUGINS: readonly PluginPart[] = [
  { id: APP_ID, folder: '', entry: 'module.tsx' },
  { id: 'topdeck-livediagnostics-datasource', folder: 'datasource', entry: 'module.ts' },
  { id: 'topdeck-topology-panel', folder: 'panels/topology', entry: 'module.ts' },
  { id: 'topdeck-diagnostics-panel', folder: 'panels/diagnostics', entry: 'module.ts' },
];

/** The plugin whose backend the executables are, and the first part of their names. */
export const BACKEND_FOLDER = 'datasource';
export const EXECUTABLE = 'gpx_live_diagnostics';
