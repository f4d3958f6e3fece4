import {
  column,
  field,
  frameFromRows,
  type Column,
  type FieldConfig,
  type Frame,
  type Notice,
} from '@topdeck/grafana-plugin-sdk/frames';

type Visualisation = 'graph' | 'table' | 'logs' | 'nodeGraph';

const withNotices = (notices: readonly Notice[]): { readonly notices?: readonly Notice[] } =>
  notices.length === 0 ? {} : { notices };

interface TableParts<Row> {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<NoInfer<Row>>[];
  readonly notices: readonly Notice[];
  readonly shownAs?: Visualisation;
}

/** Keeps its columns when there are no rows: a stream's fields are fixed, and an empty list is an answer. */
export function tableFrame<Row>({ name, rows, columns, notices, shownAs = 'table' }: TableParts<Row>): Frame {
  const meta = {
    type: 'table',
    typeVersion: [0, 1],
    preferredVisualisationType: shownAs,
    ...withNotices(notices),
  } as const;
  return frameFromRows(rows, columns, { name, meta });
}

/** A text column of a numeric frame: part of what tells one row from another. */
export interface Identity<Row> {
  readonly name: string;
  readonly read: (row: Row) => string | undefined;
}
/** The number of a numeric frame, null where it is not known. */
export interface NumberOf<Row> {
  readonly config?: FieldConfig;
  readonly read: (row: Row) => number | null;
}

interface NumericParts<Row> {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly identity: readonly Identity<NoInfer<Row>>[];
  readonly number: NumberOf<NoInfer<Row>> & { readonly name: string };
  readonly notices: readonly Notice[];
  readonly keepFields: boolean;
}

/**
 * `numeric-long`: texts become labels, so they hold what stays for the life of the thing. An absent one is the empty
 * text, which is what server-side expressions make of a null. Without rows it has no fields, which alert rules take for
 * no data; a stream keeps its fields, so that a panel does not lose its columns with the last row.
 */
export function numericFrame<Row>({ name, rows, identity, number, notices, keepFields }: NumericParts<Row>): Frame {
  const meta = { type: 'numeric-long', typeVersion: [0, 1], ...withNotices(notices) } as const;
  if (rows.length === 0 && !keepFields) return { name, meta, fields: [] };
  const texts = identity.map(({ name: label, read }) =>
    field.string(
      label,
      rows.map((row) => read(row) ?? ''),
    ),
  );
  const options = number.config && { config: number.config };
  return { name, meta, fields: [...texts, field.nullable.float64(number.name, rows.map(number.read), options)] };
}

/** Of a time as the protocol writes it. Many rows carry the same one, and parsing is slow beside comparing. */
export function timeColumn<Row>(
  name: string,
  read: (row: Row) => string | undefined,
  config?: FieldConfig,
): Column<Row> {
  let text: string | undefined;
  let ms: number | null = null;
  const parse = (row: Row): number | null => {
    const next = read(row);
    if (next === text) return ms;
    text = next;
    const parsed = next === undefined ? Number.NaN : Date.parse(next);
    ms = Number.isNaN(parsed) ? null : parsed;
    return ms;
  };
  return column.nullable.time(name, parse, config && { config });
}
