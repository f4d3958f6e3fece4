import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { refIdOf } from '../source.ts';
import type { Band, SparklineValues } from '../sparkline/geometry.ts';
import type { Subject } from './subject.ts';

/** One line over the time range. */
export interface Line {
  /** How its values are shown. */
  readonly field: Field;
  readonly times: readonly number[];
  readonly values: SparklineValues;
  readonly band: Band;
}

type Labels = Readonly<Record<string, string | undefined>>;

function isOf(subject: Subject, { id, source_id, target_id }: Labels): boolean {
  if (subject.kind === 'service') return id === subject.id;
  return source_id === subject.sourceId && target_id === subject.targetId;
}

/** The line of the subject, and what was expected of it: fields with a label `band` beside the one without. */
export function readLine(frame: DataFrame | undefined, subject: Subject): Line | undefined {
  const time = frame?.fields.find(({ type }) => type === FieldType.time);
  const own =
    frame?.fields.filter(({ type, labels }) => type === FieldType.number && isOf(subject, labels ?? {})) ?? [];
  const field = own.find(({ labels }) => labels?.['band'] === undefined);
  if (time === undefined || field === undefined) return undefined;
  const valuesOf = (band: string): SparklineValues | undefined =>
    own.find(({ labels }) => labels?.['band'] === band)?.values as SparklineValues | undefined;
  return {
    field,
    times: time.values as readonly number[],
    values: field.values as SparklineValues,
    band: { expected: valuesOf('expected'), lower: valuesOf('lower'), upper: valuesOf('upper') },
  };
}

/** The answers to one query a metric, by the metric's name. */
export function readMetricLines(
  answer: readonly DataFrame[],
  metrics: readonly string[],
  subject: Subject,
): ReadonlyMap<string, Line> {
  const lines = metrics.flatMap((metric, index) => {
    const line = readLine(
      answer.find(({ refId }) => refId === refIdOf(index)),
      subject,
    );
    return line === undefined ? [] : [[metric, line] as const];
  });
  return new Map(lines);
}
