import {
  AnnotationEventFieldSource,
  FieldType,
  type AnnotationEvent,
  type AnnotationEventFieldMapping,
  type AnnotationQuery,
  type AnnotationSupport,
  type DataFrame,
  type Field,
} from '@grafana/data';
import { of, type Observable } from 'rxjs';
import { AnnotationEditor } from './AnnotationEditor.tsx';
import type { Query } from './types.ts';

type TextKey = 'title' | 'text' | 'tags';
type Reader = (row: number) => string | undefined;

/** Labels that tell a reader nothing that title, text and the other tags have not told. */
const UNTOLD: ReadonlySet<string> = new Set(['type', 'severity', 'status', 'resource_id', 'target_id', 'alert_id']);

const named = (frame: DataFrame, name: string | undefined): Field | undefined =>
  frame.fields.find((field) => field.name.toLowerCase() === name?.toLowerCase());

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const textAt = (frame: DataFrame, name: string, row: number): string | undefined =>
  textOf((named(frame, name)?.values as unknown[] | undefined)?.[row]);

function labelsAt(frame: DataFrame, row: number): Readonly<Record<string, unknown>> {
  const labels = (named(frame, 'labels')?.values as unknown[] | undefined)?.[row];
  return typeof labels === 'object' && labels !== null ? (labels as Record<string, unknown>) : {};
}

/** What an annotation is made of unless its owner maps other fields: `health change`, the line, `critical,team:core`. */
const DEFAULTS: Readonly<Record<TextKey, (frame: DataFrame, row: number) => string | undefined>> = {
  title: (frame, row) => textOf(labelsAt(frame, row)['type'])?.replaceAll('_', ' '),
  text: (frame, row) => textAt(frame, 'body', row),
  tags: (frame, row) =>
    Object.entries(labelsAt(frame, row))
      .filter(([key, value]) => !UNTOLD.has(key) && textOf(value) !== undefined)
      .map(([key, value]) => `${key}:${textOf(value)}`)
      .toSpliced(0, 0, textAt(frame, 'severity', row) ?? 'info')
      .join(','),
};

function captured(text: string | undefined, pattern: string | undefined): string | undefined {
  if (text === undefined || !pattern) return text;
  const match = new RegExp(pattern).exec(text);
  return match === null ? text : (match[1] ?? match[0]);
}

/** How one text of an annotation is read. A field that its owner has mapped and that is not there is as good as none. */
function reader(frame: DataFrame, key: TextKey, mapping: AnnotationEventFieldMapping | undefined): Reader {
  if (mapping?.source === AnnotationEventFieldSource.Skip) return () => undefined;
  if (mapping?.source === AnnotationEventFieldSource.Text) return () => mapping.value;
  const field = named(frame, mapping?.value);
  return (row) =>
    captured(field ? textOf((field.values as unknown[])[row]) : DEFAULTS[key](frame, row), mapping?.regex);
}

function eventsOf(frame: DataFrame, { mappings = {} }: AnnotationQuery<Query>): AnnotationEvent[] {
  const time = named(frame, mappings.time?.value) ?? frame.fields.find(({ type }) => type === FieldType.time);
  if (time === undefined) return [];
  const title = reader(frame, 'title', mappings.title);
  const text = reader(frame, 'text', mappings.text);
  const tags = reader(frame, 'tags', mappings.tags);
  return (time.values as number[]).map((at, row) => ({
    time: at,
    title: title(row),
    text: text(row) ?? '',
    tags: tags(row)?.split(',') ?? [],
  }));
}

/** Events of the diagnosis as annotations: changes of health, anomalies and their ends. */
export const annotationSupport: AnnotationSupport<Query> = {
  QueryEditor: AnnotationEditor,

  getDefaultQuery: () => ({ queryType: 'events' }),

  prepareQuery: ({ target }: AnnotationQuery<Query>): Query => ({
    refId: 'Anno',
    ...target,
    queryType: 'events',
    format: 'table',
    // Annotations are drawn once for a time range.
    streaming: false,
  }),

  processEvents: (annotation: AnnotationQuery<Query>, frames: DataFrame[]): Observable<AnnotationEvent[]> =>
    of(frames.flatMap((frame) => eventsOf(frame, annotation))),
};
