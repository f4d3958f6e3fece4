import { parse } from 'yaml';
import { FILES, read, readJson } from './repository.ts';

export interface ProvisionedDataSource {
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly jsonData: Readonly<Record<string, unknown>>;
  readonly secureJsonData: Readonly<Record<string, string>>;
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

export interface Query {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Query[];
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: unknown;
}

export interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly target: Query }[] };
}

export const provisioned = (folder: string): readonly string[] =>
  FILES.filter((path) => path.startsWith(`provisioning/${folder}/`));

const yamlFiles = (folder: string): readonly string[] => provisioned(folder).filter((path) => /\.ya?ml$/.test(path));

/** All entries of one kind in the YAML files of one folder. */
export function entries(folder: string, kind: string): readonly unknown[] {
  return yamlFiles(folder).flatMap((path) => (parse(read(path)) as Record<string, unknown[] | undefined>)[kind] ?? []);
}

export const DATA_SOURCES = entries('datasources', 'datasources') as readonly ProvisionedDataSource[];
export const RULE_GROUPS = entries('alerting', 'groups') as readonly RuleGroup[];
export const RULES = RULE_GROUPS.flatMap((group) => group.rules);
export const DASHBOARDS = provisioned('dashboards')
  .filter((path) => path.endsWith('.json'))
  .map((path) => [path, readJson(path) as Dashboard] as const);
