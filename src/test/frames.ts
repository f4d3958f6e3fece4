import { FieldType, type DataFrame, type DataFrameJSON } from '@grafana/data';

type Action = 'replace' | 'append';

const live = (path: string, action: Action) => ({ custom: { live: { path, action } } });

/** A table of services as the executable answers it, to go on from a channel. */
export function services(scores: Record<string, number>, path?: string): DataFrameJSON {
  return {
    schema: {
      name: 'services',
      meta: path === undefined ? undefined : live(path, 'replace'),
      fields: [
        { name: 'id', type: FieldType.string },
        { name: 'health_score', type: FieldType.number },
      ],
    },
    data: { values: [Object.keys(scores), Object.values(scores)] },
  };
}

export function series(points: [number, number][], path?: string, field = 'health_score'): DataFrameJSON {
  return {
    schema: {
      name: 'history',
      meta: path === undefined ? undefined : live(path, 'append'),
      fields: [
        { name: 'time', type: FieldType.time },
        { name: field, type: FieldType.number },
      ],
    },
    data: { values: [points.map(([time]) => time), points.map(([, value]) => value)] },
  };
}

/** A message of a stream whose schema the subscribers have. */
export const valuesOnly = ({ data }: DataFrameJSON): DataFrameJSON => ({ data });

export const rowsOf = (frame: DataFrame | undefined): unknown[][] =>
  Array.from({ length: frame?.length ?? 0 }, (_, row) => frame!.fields.map((field) => field.values[row] as unknown));

export const noticesOf = (frame: DataFrame | undefined): string[] =>
  (frame?.meta?.notices ?? []).map(({ text }) => text);
