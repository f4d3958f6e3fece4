import type { DataFrame, Field } from '@grafana/data';
import { STATUSES, type Status } from '@topdeck/protocol';
import type { Mark } from '../draw/scene.ts';
import type { Arc, Detail, GraphNode, Place } from '../graph.ts';
import { arcColumns, arcsOf, colorOf, type ArcsOf, type ColorOf } from './frame-colors.ts';
import { graphFields, idAt, textOf, type Formatting, type GraphFields, type TextOf } from './frame-fields.ts';
import { paletteOf, type Palette } from './palette.ts';

/** What the rows of one frame are read with. */
interface NodeColumns {
  readonly fields: GraphFields;
  readonly id: Field;
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

function placeAt({ fields }: NodeColumns, row: number): Place | undefined {
  const x: unknown = fields.byName('fixedx')?.values[row];
  const y: unknown = fields.byName('fixedy')?.values[row];
  return Number.isFinite(x) && Number.isFinite(y) ? { x: x as number, y: y as number } : undefined;
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
    const { fields, palette } = columns;
    const at = (name: string): unknown => fields.byName(name)?.values[row];
    this.#columns = columns;
    this.row = row;
    this.id = String(columns.id.values[row]);
    this.title = columns.title(at('title')) || this.id;
    this.subtitle = columns.subtitle(at('subtitle'));
    this.status = asStatus(fields.detail('status')?.values[row]);
    this.color = this.status === undefined ? columns.color(row) : palette.status[this.status];
    const icon = at('icon');
    this.icon = typeof icon === 'string' && icon !== '' ? icon : undefined;
    this.place = placeAt(columns, row);
    this.mark = asMark(fields.detail('role')?.values[row]);
    this.highlighted = at('highlighted') === true;
  }

  get main(): string {
    const { fields, main } = this.#columns;
    return (this.#main ??= main((fields.byName('mainstat') ?? fields.firstNumber)?.values[this.row]));
  }

  get secondary(): string {
    const { fields, secondary } = this.#columns;
    return (this.#secondary ??= secondary(fields.byName('secondarystat')?.values[this.row]));
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
  return {
    fields,
    id,
    title: text('title'),
    subtitle: text('subtitle'),
    main: textOf(fields.byName('mainstat') ?? fields.firstNumber, formatting),
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
