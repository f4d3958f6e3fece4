import {
  formattedValueToString,
  getDisplayProcessor,
  getFieldDisplayName,
  getValueFormat,
  FieldType,
  type DataFrame,
  type DisplayProcessor,
  type Field,
  type GrafanaTheme2,
} from '@grafana/data';

const DETAIL = 'detail__';
const ARC = 'arc__';

/** Fields of a frame by what they mean to a node graph. Names are taken in any case. */
export interface GraphFields {
  byName(name: string): Field | undefined;
  /** Of the detail of that key. */
  detail(key: string): Field | undefined;
  readonly details: readonly { readonly key: string; readonly label: string; readonly field: Field }[];
  readonly arcs: readonly { readonly label: string; readonly field: Field }[];
  /** The first number that has no other meaning, which stands in for a missing mainstat. */
  readonly firstNumber: Field | undefined;
}

const NUMBERS_WITH_A_MEANING = new Set(['fixedx', 'fixedy', 'noderadius', 'thickness', 'secondarystat', 'color']);

const startsWith = (prefix: string, { name }: Field): boolean => name.toLowerCase().startsWith(prefix);
const labelOf = (field: Field, prefix: string): string => field.config.displayName ?? field.name.slice(prefix.length);

export function graphFields(frame: DataFrame): GraphFields {
  const byName = new Map<string, Field>();
  for (const field of frame.fields) {
    const name = field.name.toLowerCase();
    if (!byName.has(name)) byName.set(name, field);
  }
  const withPrefix = (prefix: string): readonly Field[] => frame.fields.filter((field) => startsWith(prefix, field));
  return {
    byName: (name) => byName.get(name),
    detail: (key) => byName.get(`${DETAIL}${key.toLowerCase()}`),
    details: withPrefix(DETAIL).map((field) => ({
      key: field.name.slice(DETAIL.length),
      label: labelOf(field, DETAIL),
      field,
    })),
    arcs: withPrefix(ARC).map((field) => ({ label: labelOf(field, ARC), field })),
    firstNumber: frame.fields.find(
      (field) =>
        field.type === FieldType.number &&
        !NUMBERS_WITH_A_MEANING.has(field.name.toLowerCase()) &&
        !startsWith(ARC, field) &&
        !startsWith(DETAIL, field),
    ),
  };
}

/** Name of a field as a person reads it: `subtitle`, or the key of a detail. */
export function fieldLabel(frame: DataFrame, key: string): string {
  const fields = graphFields(frame);
  const field = fields.detail(key) ?? fields.byName(key.toLowerCase());
  if (field === undefined) return key;
  return field.config.displayName ?? (startsWith(DETAIL, field) ? key : getFieldDisplayName(field, frame));
}

/** Ids may be numbers; undefined where there is none. */
export function idAt(field: Field, row: number): string | undefined {
  const value: unknown = field.values[row];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

export interface Formatting {
  readonly theme: GrafanaTheme2;
  readonly timeZone?: string;
}

export type TextOf = (value: unknown) => string;

/** Formatted values by how they are formatted: from one answer to the next, most values stay what they were. */
const knownTexts = new WeakMap<GrafanaTheme2, Map<string, Map<unknown, string>>>();
const MAX_TEXTS = 50_000;
const MAX_FORMATS = 200;

function textsOf({ type, config }: Field, theme: GrafanaTheme2): Map<unknown, string> {
  let formats = knownTexts.get(theme);
  if (formats === undefined || formats.size > MAX_FORMATS)
    knownTexts.set(theme, (formats = new Map<string, Map<unknown, string>>()));
  const { unit, decimals, mappings } = config;
  const format = JSON.stringify([type, unit, decimals, mappings]);
  let texts = formats.get(format);
  if (texts === undefined || texts.size > MAX_TEXTS) formats.set(format, (texts = new Map<unknown, string>()));
  return texts;
}

export const displayOf = (field: Field, { theme, timeZone }: Formatting): DisplayProcessor =>
  field.display ?? getDisplayProcessor({ field, theme, timeZone });

type Format = (value: unknown) => string;

const byDisplay = (field: Field, formatting: Formatting): Format => {
  let display: DisplayProcessor | undefined;
  return (value) => {
    display ??= displayOf(field, formatting);
    return formattedValueToString(display(value));
  };
};

/** What the display processor writes of a number; most of its time goes into a colour that nobody asks for here. */
const byUnit = ({ config: { unit, decimals } }: Field): Format => {
  const format = getValueFormat(unit === '' ? 'none' : unit);
  return (value) => formattedValueToString(format(value as number, decimals));
};

const isEmpty = (value: unknown): boolean => value === null || value === undefined || Number.isNaN(value);

/** Texts as people read them, with units; nothing where the frame has nothing. */
export function textOf(field: Field | undefined, formatting: Formatting): TextOf {
  if (field === undefined) return () => '';
  const { unit = '', mappings = [] } = field.config;
  const slow = byDisplay(field, formatting);
  if (field.type === FieldType.string && mappings.length === 0) {
    return (value) => (typeof value === 'string' ? value : isEmpty(value) ? '' : slow(value));
  }
  // What a time reads as depends on the time zone and, with some units, on the present; a boolean is written as a word.
  if (field.type !== FieldType.number || /^(dateTime|time:|bool)/.test(unit)) {
    return (value) => (isEmpty(value) ? '' : slow(value));
  }
  const fast = mappings.length === 0 ? byUnit(field) : slow;
  const texts = textsOf(field, formatting.theme);
  return (value) => {
    if (isEmpty(value)) return '';
    const known = texts.get(value);
    if (known !== undefined) return known;
    const text = typeof value === 'number' ? fast(value) : slow(value);
    texts.set(value, text);
    return text;
  };
}
