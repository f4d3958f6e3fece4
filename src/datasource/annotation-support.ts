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

type TextKey = 'title' | 'text' | 'tags' | 'id';

/** Fields of the frame of events that an annotation is made of unless its owner maps others; the first that is there. */
const SOURCES: Readonly<Record<TextKey, readonly string[]>> = {
  title: ['title', 'type', 'event'],
  text: ['body', 'text', 'message'],
  tags: ['tags', 'severity'],
  id: ['id'],
};

const named = (frame: DataFrame, names: readonly string[]): Field | undefined =>
  names.map((name) => frame.fields.find((field) => field.name.toLowerCase() === name.toLowerCase())).find(Boolean);

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

type Reader = (row: number) => string | undefined;

function captured(text: string | undefined, pattern: string | undefined): string | undefined {
  if (text === undefined || !pattern) return text;
  const match = new RegExp(pattern).exec(text);
  return match === null ? text : (match[1] ?? match[0]);
}

/** How one text of an annotation is read: as the owner maps it, else from the fields that events have. */
function reader(frame: DataFrame, key: TextKey, mapping: AnnotationEventFieldMapping | undefined): Reader {
  if (mapping?.source === AnnotationEventFieldSource.Skip) return () => undefined;
  if (mapping?.source === AnnotationEventFieldSource.Text) return () => mapping.value;
  const field = (mapping?.value ? named(frame, [mapping.value]) : undefined) ?? named(frame, SOURCES[key]);
  return (row) => captured(textOf(field?.values[row]), mapping?.regex);
}

/** Labels of an event are tags as well: `service:checkout`. */
function labelTags(frame: DataFrame, row: number): string[] {
  const labels: unknown = named(frame, ['labels'])?.values[row];
  if (typeof labels !== 'object' || labels === null) return [];
  return Object.entries(labels).flatMap(([key, value]) => (textOf(value) ? [`${key}:${textOf(value)}`] : []));
}

function eventsOf(frame: DataFrame, { mappings = {} }: AnnotationQuery<Query>): AnnotationEvent[] {
  const timeName = mappings.time?.value;
  const time =
    (timeName ? named(frame, [timeName]) : undefined) ?? frame.fields.find(({ type }) => type === FieldType.time);
  if (time === undefined) return [];
  const [title, text, tags, id] = (['title', 'text', 'tags', 'id'] as const).map((key) =>
    reader(frame, key, mappings[key]),
  ) as [Reader, Reader, Reader, Reader];
  return (time.values as number[]).map((at, row) => ({
    time: at,
    title: title(row),
    text: text(row) ?? '',
    tags: [...(tags(row)?.split(',') ?? []), ...(mappings.tags ? [] : labelTags(frame, row))],
    id: id(row),
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
