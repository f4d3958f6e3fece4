import type { Snapshot } from '@topdeck/protocol';
import { labelKeys } from './graph.ts';

/** Of a node's label and the column or label that carries it. */
export interface LabelName {
  readonly key: string;
  readonly name: string;
}

/** Set by Grafana's alerting itself. */
const RESERVED: ReadonlySet<string> = new Set(['alertname', 'grafana_folder', 'datasource_uid', 'ref_id']);

/** Those that a column of ours, or Grafana, has taken get `label_` in front, as often as it takes. */
export function labelNames(snapshot: Snapshot, own: Iterable<string>, prefix = ''): readonly LabelName[] {
  const taken = new Set(own);
  return labelKeys(snapshot).map((key) => {
    let name = `${prefix}${key}`;
    while (taken.has(name) || RESERVED.has(name) || name.startsWith('__')) name = `label_${name}`;
    taken.add(name);
    return { key, name };
  });
}
