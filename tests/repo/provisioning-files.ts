import { validator } from '@topdeck/protocol/validate';
import type { TSchema } from 'typebox';
import { parse } from 'yaml';
import { FILES, read, readJson } from './repository.ts';

export interface ProvisionedDataSource {
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly jsonData: Readonly<Record<string, unknown>>;
  readonly secureJsonData?: Readonly<Record<string, string>>;
}

export interface RuleQuery {
  readonly refId: string;
  readonly datasourceUid: string;
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly model: Readonly<Record<string, unknown>> & { readonly refId: string };
}

export interface Rule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly data: readonly RuleQuery[];
  readonly for: string;
  readonly noDataState: string;
  readonly execErrState: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly folder: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

export interface DataSourceRef {
  readonly type: string;
  readonly uid: string;
}

export interface Query {
  readonly refId: string;
  readonly datasource?: DataSourceRef;
  readonly streaming?: boolean;
  readonly expr?: string;
  readonly legendFormat?: string;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: DataSourceRef;
  readonly targets?: readonly Query[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly transformations?: readonly {
    readonly id: string;
    readonly options: { readonly include?: { readonly names?: readonly string[] } };
  }[];
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: unknown;
  readonly datasource?: DataSourceRef;
  readonly current?: { readonly value?: unknown };
}

export interface Dashboard {
  readonly uid: string;
  readonly id: null;
  readonly title: string;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly refresh: string;
  readonly links: readonly Readonly<Record<string, unknown>>[];
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly datasource: DataSourceRef; readonly target: Query }[];
  };
}

export const provisioned = (folder: string): readonly string[] =>
  FILES.filter((path) => path.startsWith(`provisioning/${folder}/`));

const yamlFiles = (folder: string): readonly string[] => provisioned(folder).filter((path) => /\.ya?ml$/.test(path));

/** All entries of one kind in the YAML files of one folder. */
export function entries(folder: string, kind: string): readonly unknown[] {
  return yamlFiles(folder).flatMap((path) => (parse(read(path)) as Record<string, unknown[] | undefined>)[kind] ?? []);
}

export const DATA_SOURCE_TYPE = 'topdeck-livediagnostics-datasource';
export const DATA_SOURCES = entries('datasources', 'datasources') as readonly ProvisionedDataSource[];
/** The one of this project. */
export const [DATA_SOURCE] = DATA_SOURCES.filter(({ type }) => type === DATA_SOURCE_TYPE);
export const RULE_GROUPS = entries('alerting', 'groups') as readonly RuleGroup[];
export const RULES = RULE_GROUPS.flatMap((group) => group.rules);
export const DASHBOARDS = provisioned('dashboards')
  .filter((path) => path.endsWith('.json'))
  .map((path) => [path, readJson(path) as Dashboard] as const);

/** What Grafana itself keeps beside a query's own keys. */
const GRAFANA_KEYS: ReadonlySet<string> = new Set(['refId', 'datasource', 'hide']);

/** Faults of a value by its schema; a key that the schema lacks is one, for it would be passed over. */
export function faults(schema: TSchema & { readonly properties: object }, value: object): string[] {
  const own = Object.fromEntries(Object.entries(value).filter(([key]) => !GRAFANA_KEYS.has(key)));
  const parsed = validator(schema)(own);
  const unknown = Object.keys(own).filter((key) => !Object.hasOwn(schema.properties, key));
  return [...(parsed.ok ? [] : [parsed.detail]), ...unknown.map((key) => `${key}: unknown key`)];
}
