import { FieldType, toDataFrame, type DataFrame } from '@grafana/data';

export interface TestNode {
  readonly id: string;
  readonly status?: string;
  readonly type?: string;
  readonly namespace?: string;
  readonly role?: string;
  readonly highlighted?: boolean;
  readonly severity?: string;
  readonly at?: readonly [x: number, y: number];
}

/** A row of four at equal distances, `web → cart → payments → db`, and `mail` that nothing calls. */
export const SHOP: readonly TestNode[] = [
  { id: 'web', type: 'gateway', namespace: 'front', at: [0, 0] },
  { id: 'cart', type: 'pod', namespace: 'back', status: 'degraded', at: [200, 0] },
  { id: 'payments', type: 'pod', namespace: 'back', status: 'failed', at: [400, 0] },
  { id: 'db', type: 'database', namespace: 'back', status: 'unknown', at: [600, 0] },
  { id: 'mail', type: 'pod', namespace: 'front', at: [0, 300] },
];
export const CALLS: readonly (readonly [string, string])[] = [
  ['web', 'cart'],
  ['cart', 'payments'],
  ['payments', 'db'],
];

const titleOf = (id: string): string => `The ${id}`;

export function nodesFrame(nodes: readonly TestNode[] = SHOP): DataFrame {
  const text = (name: string, read: (node: TestNode) => unknown) => ({
    name,
    type: FieldType.string,
    values: nodes.map(read),
  });
  return toDataFrame({
    name: 'nodes',
    meta: { preferredVisualisationType: 'nodeGraph' },
    fields: [
      text('id', ({ id }) => id),
      text('title', ({ id }) => titleOf(id)),
      text('subtitle', ({ type }) => type ?? 'pod'),
      { name: 'mainstat', type: FieldType.number, values: nodes.map(() => 42), config: { displayName: 'Score' } },
      text('detail__status', ({ status }) => status ?? 'healthy'),
      text('detail__namespace', ({ namespace }) => namespace ?? ''),
      text('detail__role', ({ role }) => role ?? ''),
      text('detail__severity', ({ severity }) => severity ?? ''),
      { name: 'highlighted', type: FieldType.boolean, values: nodes.map(({ highlighted }) => highlighted === true) },
      { name: 'fixedx', type: FieldType.number, values: nodes.map(({ at = [0, 0] }) => at[0]) },
      { name: 'fixedy', type: FieldType.number, values: nodes.map(({ at = [0, 0] }) => at[1]) },
    ],
  });
}

export function edgesFrame(calls: readonly (readonly [string, string])[] = CALLS): DataFrame {
  return toDataFrame({
    name: 'edges',
    meta: { preferredVisualisationType: 'nodeGraph' },
    fields: [
      { name: 'id', type: FieldType.string, values: calls.map(([from, to]) => `${from}->${to}`) },
      { name: 'source', type: FieldType.string, values: calls.map(([from]) => from) },
      { name: 'target', type: FieldType.string, values: calls.map(([, to]) => to) },
      { name: 'detail__trend', type: FieldType.string, values: calls.map(() => 'stable') },
    ],
  });
}

export const shopFrames = (nodes: readonly TestNode[] = SHOP): DataFrame[] => [nodesFrame(nodes), edgesFrame()];
