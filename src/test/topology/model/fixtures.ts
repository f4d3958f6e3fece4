import { createTheme, FieldType, toDataFrame, type DataFrame, type FieldConfig } from '@grafana/data';
import type { Graph } from '../../../panels/topology/graph.ts';
import { isGraph, readGraph } from '../../../panels/topology/model/read-graph.ts';

export const theme = createTheme({ colors: { mode: 'dark' } });
export const formatting = { theme };

type Cell = string | number | boolean | null;
export type Columns = Readonly<Record<string, readonly Cell[]>>;
type Configs = Readonly<Record<string, FieldConfig>>;

const typeOf = (values: readonly Cell[]): FieldType => {
  const first = values.find((value) => value !== null);
  if (typeof first === 'number') return FieldType.number;
  return typeof first === 'boolean' ? FieldType.boolean : FieldType.string;
};

/** A frame of columns; a name alone says nothing of the graph. */
export const frameOf = (columns: Columns, configs: Configs = {}, name?: string): DataFrame =>
  toDataFrame({
    name,
    fields: Object.entries(columns).map(([key, values]) => ({
      name: key,
      type: typeOf(values),
      values: [...values],
      config: configs[key] ?? {},
    })),
  });

export function graphOf(...frames: readonly DataFrame[]): Graph {
  const reading = readGraph(frames, formatting);
  if (!isGraph(reading)) throw new Error(reading.problem);
  return reading;
}

export const ids = (graph: Graph, indices: Iterable<number>): readonly string[] =>
  Array.from(indices, (index) => graph.nodes[index].id);

/** A small system as our data source tells it: web → shop → {db, cache}, shop → mail, and a node nobody calls. */
export function shopFrames(overrides: Columns = {}, edgeOverrides: Columns = {}): readonly DataFrame[] {
  return [
    frameOf(
      {
        id: ['web', 'shop', 'db', 'cache', 'mail', 'lone'],
        title: ['Web', 'Shop', 'Orders', 'Sessions', 'Mail', 'Lone'],
        subtitle: ['frontend', 'service', 'database', 'cache', 'service', 'service'],
        mainstat: [98.44, 62, 12, 100, 100, null],
        secondarystat: [120.2, 80, 40, 700, 3, null],
        icon: ['browser-alt', null, 'database', 'bolt', null, null],
        detail__status: ['healthy', 'degraded', 'failed', 'healthy', 'healthy', 'unknown'],
        detail__namespace: ['edge', 'core', 'core', 'core', 'edge', null],
        detail__role: ['impacted', 'first_failure', 'cause', null, null, null],
        fixedx: [0, 0, -100, 100, 200, 500],
        fixedy: [0, 200, 400, 400, 400, 0],
        ...overrides,
      },
      { mainstat: { unit: 'percent', decimals: 1 }, secondarystat: { unit: 'req/s', decimals: 1 } },
      'nodes',
    ),
    frameOf(
      {
        id: ['a', 'b', 'c', 'd'],
        source: ['web', 'shop', 'shop', 'shop'],
        target: ['shop', 'db', 'cache', 'mail'],
        mainstat: [120, 40, 700, null],
        color: ['#8E8E8E', '#F2495C', '#8E8E8E', '#8E8E8E'],
        thickness: [3, 2.6, 3.8, 1],
        detail__is_abnormal: [false, true, false, null],
        detail__target_status: ['degraded', 'failed', 'healthy', 'healthy'],
        ...edgeOverrides,
      },
      { mainstat: { unit: 'req/s', decimals: 1 } },
      'edges',
    ),
  ];
}
