import { homedir } from 'node:os';
import type { FeedStatus } from './publisher/feed.ts';
import type { Config } from './config.ts';

interface Row {
  readonly part: string;
  readonly kind: 'real' | 'embedded' | 'file' | 'open' | 'token';
  readonly what: string;
  readonly hint: string;
}

/** The address without user, password and query: what may be printed. */
export function printableUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null
    ? '(unreadable address)'
    : `${parsed.protocol}//${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`;
}

const state = (freshness: FeedStatus['topology']): string =>
  freshness.state === 'fresh' ? '' : `, not reachable yet (${freshness.error_code ?? freshness.state})`;

function topologyRow(config: Config, status: FeedStatus): Row {
  if (config.NEO4J_URI !== undefined) {
    return {
      part: 'topology',
      kind: 'real',
      what: `Neo4j ${printableUrl(config.NEO4J_URI)}${state(status.topology)}`,
      hint: '',
    };
  }
  if (config.TOPOLOGY_FILE !== undefined)
    return { part: 'topology', kind: 'file', what: config.TOPOLOGY_FILE, hint: '' };
  return { part: 'topology', kind: 'embedded', what: 'demo graph', hint: 'set NEO4J_URI or TOPOLOGY_FILE for yours' };
}

function metricsRow(config: Config): Row {
  if (config.PROMETHEUS_URL !== undefined) {
    const what = `Prometheus ${printableUrl(config.PROMETHEUS_URL)}, preset ${config.METRICS_PRESET}`;
    return { part: 'metrics', kind: 'real', what, hint: '' };
  }
  return {
    part: 'metrics',
    kind: 'embedded',
    what: `simulator, seed ${config.SIMULATOR_SEED}`,
    hint: 'set PROMETHEUS_URL for yours',
  };
}

function historyRow(config: Config): Row {
  if (config.HISTORY_FILE === 'memory')
    return { part: 'history', kind: 'embedded', what: 'in memory, gone at exit', hint: '' };
  const file = config.HISTORY_FILE.replace(homedir(), '~');
  return { part: 'history', kind: 'file', what: `SQLite ${file}, ${config.HISTORY_RETENTION_DAYS} days`, hint: '' };
}

function accessRow(authenticated: boolean): Row {
  if (authenticated) return { part: 'access', kind: 'token', what: 'bearer token required', hint: '' };
  return { part: 'access', kind: 'open', what: 'no token required', hint: 'set AUTH_TOKENS or JWT_* to require one' };
}

export interface StartFacts {
  readonly config: Config;
  readonly status: FeedStatus;
  readonly url: string;
  readonly authenticated: boolean;
  readonly version: string;
}

/** What is embedded and what is real, for the person who started the service. */
export function startTable({ config, status, url, authenticated, version }: StartFacts): string {
  const rows = [topologyRow(config, status), metricsRow(config), historyRow(config), accessRow(authenticated)];
  const widthOf = (pick: (row: Row) => string): number => Math.max(...rows.map((row) => pick(row).length));
  const [part, kind, what] = [widthOf((r) => r.part), widthOf((r) => r.kind), widthOf((r) => r.what)];
  const lines = rows.map((row) =>
    `  ${row.part.padEnd(part)}  ${row.kind.padEnd(kind)}  ${row.what.padEnd(what)}  ${row.hint}`.trimEnd(),
  );
  return [`Live diagnostics bridge ${version} at ${url}`, ...lines, ''].join('\n');
}
