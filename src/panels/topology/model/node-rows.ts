import type { DataFrame, Field } from '@grafana/data';
import { STATUSES, type Status } from '@topdeck/protocol';
import type { Mark } from '../draw/scene.ts';
import type { Arc, Detail, GraphNode, Place } from '../graph.ts';
import { arcColumns, arcsOf, colorOf, type ArcsOf, type ColorOf } from './frame-colors.ts';
import { graphFields, idAt, textOf, type Formatting, type GraphFields, type TextOf } from './frame-fields.ts';
import { paletteOf, type Palette } from './palette.ts';

type Values = readonly unknown[] | undefined;

/** Columns of the frame by what they mean, looked up once for all rows. */
interface NodeColumns {
  readonly fields: GraphFields;
  readonly id: Field;
  readonly titles: Values;
  readonly subtitles: Values;
  readonly mainValues: Values;
  readonly secondaryValues: Values;
  readonly icons: Values;
  readonly highlighted: Values;
  readonly statuses: Values;
  readonly roles: Values;
  readonly x: Values;
  readonly y: Values;
  readonly title: TextOf;
  readonly subtitle: TextOf;
  readonly main: TextOf;
  readonly secondary: TextOf;
  readonly color: ColorOf;
  readonly arcs: ArcsOf;
  readonly palette: Palette;
  readonly formatting: Formatting;
}

const KNOWN: ReadonlySet<unknown> = new Set(STATUSES);
export const asStatus = (value: unknown): Status | undefined => (KNOWN.has(value) ? (value as Status) : undefined);

const ROLES: Readonly<Record<string, Mark>> = { cause: 'cause', first_failure: 'first-failure', impacted: 'impacted' };
const asMark = (value: unknown): Mark =>
  typeof value === 'string' && Object.hasOwn(ROLES, value) ? ROLES[value] : 'none';

/** Values of the details of a row that has them, as people read them. */
export const readDetails = (fields: GraphFields, row: number, formatting: Formatting): readonly Detail[] =>
  fields.details.flatMap(({ key, label, field }) => {
    const value: unknown = field.values[row];
    const text = textOf(field, formatting)(value);
    return text === '' ? [] : [{ key, label, text, value }];
  });

function placeAt({ x, y }: NodeColumns, row: number): Place | undefined {
  const [atX, atY] = [x?.[row], y?.[row]];
  return Number.isFinite(atX) && Number.isFinite(atY) ? { x: atX as number, y: atY as number } : undefined;
}

/**
 * A row of the frame. Texts are made when they are first asked for: of ten thousand nodes with a dozen details, one is
 * looked at. That is why it cannot be copied by spreading it.
 */
class FrameNode implements GraphNode {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly status: Status | undefined;
  readonly color: string | undefined;
  readonly icon: string | undefined;
  readonly place: Place | undefined;
  readonly mark: Mark;
  readonly highlighted: boolean;
  readonly row: number;
  readonly #columns: NodeColumns;
  #main: string | undefined;
  #secondary: string | undefined;
  #arcs: readonly Arc[] | undefined;
  #details: readonly Detail[] | undefined;

  constructor(columns: NodeColumns, row: number) {
    this.#columns = columns;
    this.row = row;
    this.id = idAt(columns.id, row) ?? '';
    this.title = columns.title(columns.titles?.[row]) || this.id;
    this.subtitle = columns.subtitle(columns.subtitles?.[row]);
    this.status = asStatus(columns.statuses?.[row]);
    this.color = this.status === undefined ? columns.color(row) : columns.palette.status[this.status];
    const icon = columns.icons?.[row];
    this.icon = typeof icon === 'string' && icon !== '' ? icon : undefined;
    this.place = placeAt(columns, row);
    this.mark = asMark(columns.roles?.[row]);
    this.highlighted = columns.highlighted?.[row] === true;
  }

  get main(): string {
    const { main, mainValues } = this.#columns;
    return (this.#main ??= main(mainValues?.[this.row]));
  }

  get secondary(): string {
    const { secondary, secondaryValues } = this.#columns;
    return (this.#secondary ??= secondary(secondaryValues?.[this.row]));
  }

  get arcs(): readonly Arc[] {
    return (this.#arcs ??= this.#columns.arcs(this.row));
  }

  get details(): readonly Detail[] {
    return (this.#details ??= readDetails(this.#columns.fields, this.row, this.#columns.formatting));
  }
}

function columnsOf(frame: DataFrame, id: Field, formatting: Formatting): NodeColumns {
  const fields = graphFields(frame);
  const palette = paletteOf(formatting.theme);
  const text = (name: string): TextOf => textOf(fields.byName(name), formatting);
  const values = (name: string): Values => fields.byName(name)?.values;
  const main = fields.byName('mainstat') ?? fields.firstNumber;
  return {
    fields,
    id,
    titles: values('title'),
    subtitles: values('subtitle'),
    mainValues: main?.values,
    secondaryValues: values('secondarystat'),
    icons: values('icon'),
    highlighted: values('highlighted'),
    statuses: fields.detail('status')?.values,
    roles: fields.detail('role')?.values,
    x: values('fixedx'),
    y: values('fixedy'),
    title: text('title'),
    subtitle: text('subtitle'),
    main: textOf(main, formatting),
    secondary: text('secondarystat'),
    color: colorOf(fields.byName('color'), palette, formatting),
    arcs: arcsOf(arcColumns(fields, palette)),
    palette,
    formatting,
  };
}

/** Of several rows of one id the last counts, at the place of the first; rows without an id are none. */
export function readNodes(frame: DataFrame, formatting: Formatting): readonly GraphNode[] | undefined {
  const id = graphFields(frame).byName('id');
  if (id === undefined) return undefined;
  const columns = columnsOf(frame, id, formatting);
  const rows = new Map<string, number>();
  for (let row = 0; row < frame.length; row += 1) {
    const value = idAt(id, row);
    if (value !== undefined) rows.set(value, row);
  }
  return Array.from(rows.values(), (row) => new FrameNode(columns, row));
}
