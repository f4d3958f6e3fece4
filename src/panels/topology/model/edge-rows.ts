import type { DataFrame, Field } from '@grafana/data';
import type { Status } from '@topdeck/protocol';
import type { Detail, GraphEdge } from '../graph.ts';
import { colorOf, type ColorOf } from './frame-colors.ts';
import { graphFields, idAt, textOf, type Formatting, type GraphFields, type TextOf } from './frame-fields.ts';
import { asStatus, readDetails } from './node-rows.ts';
import { paletteOf } from './palette.ts';

/** Units that count something a second, and those that do a minute. */
const A_SECOND = new Set(['reqps', 'req/s', 'cps', '/s', '1/s', 'ops', 'rps', 'wps', 'mps', 'iops', 'rowsps', 'recps']);
const A_MINUTE = new Set(['reqpm', 'cpm', 'opm', 'rpm', 'wpm', 'mpm', 'recpm', 'req/min', '/min']);

type Values = readonly unknown[] | undefined;

/** Columns of the frame by what they mean, looked up once for all rows. */
interface EdgeColumns {
  readonly fields: GraphFields;
  readonly mainValues: Values;
  readonly secondaryValues: Values;
  readonly thickness: Values;
  readonly highlighted: Values;
  readonly dashes: Values;
  readonly ownStatus: Values;
  readonly abnormal: Values;
  readonly targetStatus: Values;
  readonly rate: Values;
  readonly main: TextOf;
  readonly secondary: TextOf;
  readonly color: ColorOf;
  /** Of one unit of the main number; undefined where that is no rate. */
  readonly perSecond: number | undefined;
  readonly formatting: Formatting;
}

const numberAt = (values: Values, row: number): number | undefined => {
  const value = values?.[row];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

function rateAt({ rate, mainValues, perSecond }: EdgeColumns, row: number): number | undefined {
  const told = numberAt(rate, row);
  if (told !== undefined || perSecond === undefined) return told;
  const main = numberAt(mainValues, row);
  return main === undefined ? undefined : main * perSecond;
}

/**
 * Its own state where the frame tells one; else what is abnormal about its traffic, then the health of what it leads to.
 * Without traffic and with nothing wrong behind it, it is unknown.
 */
function statusAt(columns: EdgeColumns, rate: number | undefined, row: number): Status | undefined {
  const { ownStatus, abnormal, targetStatus } = columns;
  const own = asStatus(ownStatus?.[row]);
  if (own !== undefined) return own;
  if (abnormal === undefined && targetStatus === undefined) return undefined;
  if (abnormal?.[row] === true) return 'failed';
  const behind = asStatus(targetStatus?.[row]);
  if (behind === 'failed' || behind === 'degraded') return behind;
  return rate === undefined && abnormal?.[row] !== false ? 'unknown' : 'healthy';
}

interface Ends {
  readonly id: string;
  readonly source: number;
  readonly target: number;
}

/** A row of the frame; texts are made when they are first asked for, so that it cannot be copied by spreading it. */
class FrameEdge implements GraphEdge {
  readonly id: string;
  readonly source: number;
  readonly target: number;
  readonly color: string | undefined;
  readonly thickness: number | undefined;
  readonly rate: number | undefined;
  readonly status: Status | undefined;
  readonly highlighted: boolean;
  readonly dashed: boolean;
  readonly row: number;
  readonly #columns: EdgeColumns;
  #main: string | undefined;
  #secondary: string | undefined;
  #details: readonly Detail[] | undefined;

  constructor(columns: EdgeColumns, ends: Ends, row: number) {
    this.#columns = columns;
    this.row = row;
    this.id = ends.id;
    this.source = ends.source;
    this.target = ends.target;
    this.color = columns.color(row);
    this.thickness = numberAt(columns.thickness, row);
    this.rate = rateAt(columns, row);
    this.status = statusAt(columns, this.rate, row);
    this.highlighted = columns.highlighted?.[row] === true;
    const dashes = columns.dashes?.[row];
    this.dashed = dashes !== undefined && dashes !== null && dashes !== '' && dashes !== 0;
  }

  get main(): string {
    const { main, mainValues } = this.#columns;
    return (this.#main ??= main(mainValues?.[this.row]));
  }

  get secondary(): string {
    const { secondary, secondaryValues } = this.#columns;
    return (this.#secondary ??= secondary(secondaryValues?.[this.row]));
  }

  get details(): readonly Detail[] {
    return (this.#details ??= readDetails(this.#columns.fields, this.row, this.#columns.formatting));
  }
}

/** The number along an edge: mainstat, or else the first there is. */
const mainFieldOf = (fields: GraphFields): Field | undefined => fields.byName('mainstat') ?? fields.firstNumber;

function perSecondOf(field: Field | undefined): number | undefined {
  const unit = field?.config.unit ?? '';
  return A_SECOND.has(unit) ? 1 : A_MINUTE.has(unit) ? 1 / 60 : undefined;
}

/** Requests a second in the unit that the frame's own are in; nothing where those are no rates. */
export function textOfRate(frame: DataFrame, formatting: Formatting): (rate: number) => string {
  const field = mainFieldOf(graphFields(frame));
  const perSecond = perSecondOf(field);
  if (perSecond === undefined) return () => '';
  const text = textOf(field, formatting);
  return (rate) => text(rate / perSecond);
}

function columnsOf(frame: DataFrame, formatting: Formatting): EdgeColumns {
  const fields = graphFields(frame);
  const mainField = mainFieldOf(fields);
  return {
    fields,
    mainValues: mainField?.values,
    secondaryValues: fields.byName('secondarystat')?.values,
    thickness: fields.byName('thickness')?.values,
    highlighted: fields.byName('highlighted')?.values,
    dashes: fields.byName('strokedasharray')?.values,
    ownStatus: fields.detail('status')?.values,
    abnormal: fields.detail('is_abnormal')?.values,
    targetStatus: fields.detail('target_status')?.values,
    rate: fields.detail('request_rate')?.values,
    main: textOf(mainField, formatting),
    secondary: textOf(fields.byName('secondarystat'), formatting),
    color: colorOf(fields.byName('color'), paletteOf(formatting.theme), formatting),
    perSecond: perSecondOf(mainField),
    formatting,
  };
}

export interface EdgesRead {
  readonly edges: readonly GraphEdge[];
  /** Of which an end is missing. */
  readonly dropped: number;
}

/** Undefined where the frame does not say what its edges join. Ids become unique, since nothing requires them to be. */
export function readEdges(
  frame: DataFrame,
  indexOf: ReadonlyMap<string, number>,
  formatting: Formatting,
): EdgesRead | undefined {
  const columns = columnsOf(frame, formatting);
  const [idField, sources, targets] = ['id', 'source', 'target'].map((name) => columns.fields.byName(name));
  if (sources === undefined || targets === undefined) return undefined;
  const taken = new Set<string>();
  const edges: GraphEdge[] = [];
  let dropped = 0;
  for (let row = 0; row < frame.length; row += 1) {
    const [sourceId, targetId] = [idAt(sources, row), idAt(targets, row)];
    const source = sourceId === undefined ? undefined : indexOf.get(sourceId);
    const target = targetId === undefined ? undefined : indexOf.get(targetId);
    if (source === undefined || target === undefined) {
      dropped += 1;
      continue;
    }
    const wanted = (idField && idAt(idField, row)) ?? `${sourceId}->${targetId}`;
    const id = taken.has(wanted) ? `${wanted}#${row}` : wanted;
    taken.add(id);
    edges.push(new FrameEdge(columns, { id, source, target }, row));
  }
  return { edges, dropped };
}
