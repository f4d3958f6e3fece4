import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { VALUES } from '@topdeck/protocol/grafana';
import { fieldNamed, numberAt, rowsOf, textAt } from '../frame.ts';
import { healthOf } from '../status.ts';
import type { MetricNow, ServiceDetails } from './details.ts';

const OWN: ReadonlySet<string> = new Set([
  ...['id', 'name', 'type', 'status', 'anomaly', 'updated'],
  ...VALUES.services,
]);
const PREFIX = 'metric_';

/** A metric that is called like a column of the table's own has a prefix there. */
function metricName({ name }: Field): string {
  const bare = name.slice(PREFIX.length);
  return name.startsWith(PREFIX) && OWN.has(bare) ? bare : name;
}

export function numberNow(frame: DataFrame, field: Field, row: number): MetricNow {
  return { name: metricName(field), field, value: numberAt(frame, field.name, row) ?? null };
}

export function namedNumber(frame: DataFrame | undefined, name: string, row: number): MetricNow | undefined {
  const field = fieldNamed(frame, name);
  return frame && field && numberNow(frame, field, row);
}

export function readServices(frame: DataFrame | undefined): ServiceDetails[] {
  if (frame === undefined) return [];
  const others = frame.fields.filter(({ name }) => !OWN.has(name));
  const metrics = others.filter(({ type }) => type === FieldType.number);
  const labels = others.filter(({ type }) => type === FieldType.string);
  return rowsOf(frame).map((row) => {
    const id = textAt(frame, 'id', row) ?? '';
    return {
      id,
      name: textAt(frame, 'name', row) ?? id,
      type: textAt(frame, 'type', row) ?? '',
      status: healthOf(textAt(frame, 'status', row)),
      score: namedNumber(frame, 'health_score', row),
      labels: labels.flatMap(({ name }) => {
        const value = textAt(frame, name, row);
        return value === undefined ? [] : [[name, value] as const];
      }),
      metrics: metrics.map((field) => numberNow(frame, field, row)),
      updatedMs: numberAt(frame, 'updated', row),
    };
  });
}
