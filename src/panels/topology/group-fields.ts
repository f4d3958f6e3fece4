import { FieldType, type DataFrame } from '@grafana/data';
import { findFrames } from './model/find-frames.ts';
import { fieldLabel, graphFields } from './model/frame-fields.ts';

/** What nodes can be grouped by. `key` is `subtitle` or that of a detail. */
export interface GroupField {
  readonly key: string;
  readonly label: string;
}

/** The subtitle and the texts among the details; numbers would make a group a node. */
export function groupFields(frames: readonly DataFrame[]): readonly GroupField[] {
  const { nodes } = findFrames(frames);
  if (nodes === undefined) return [];
  const fields = graphFields(nodes);
  const details = fields.details.filter(({ field }) => field.type === FieldType.string).map(({ key }) => key);
  const keys = fields.byName('subtitle') === undefined ? details : ['subtitle', ...details];
  return keys.map((key) => ({ key, label: fieldLabel(nodes, key) }));
}
