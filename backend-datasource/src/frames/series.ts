import {
  field,
  type Field,
  type FieldConfig,
  type Frame,
  type Labels,
  type Notice,
} from '@topdeck/grafana-plugin-sdk/frames';
import type { ServiceHealth, Snapshot } from '@topdeck/protocol';
import { labelOf } from './graph.ts';
import { labelNames, type LabelName } from './labels.ts';

/** What draws as one line. `key` is its field's name: a browser that gets a new set of fields finds the old values by it. */
export interface Series {
  readonly key: string;
  readonly title: string;
  readonly labels: Labels;
  /** How it is drawn, where that is not how all are. */
  readonly display?: FieldConfig;
}

/** More lines than this say nothing to an eye, and each is a field of every message of a stream. */
export const DEFAULT_SERIES = 100;
/** The most ids that one read of the bridge takes. */
export const MAX_SERIES = 500;

export interface SeriesParts {
  readonly name: string;
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** Values of a series, one for each time. */
  readonly valuesOf: (series: Series, index: number) => readonly (number | null)[];
  readonly config: FieldConfig;
  /** Distance of the times, so that gaps are seen as such. */
  readonly stepMs?: number;
  readonly notices: readonly Notice[];
  readonly keepFields: boolean;
}

/** `timeseries-wide`. Without series it has no fields, which is no data; a stream keeps the time at least. */
export function seriesFrame(parts: SeriesParts): Frame {
  const { name, times, series, valuesOf, config, stepMs, notices, keepFields } = parts;
  const meta = {
    type: 'timeseries-wide',
    typeVersion: [0, 1],
    preferredVisualisationType: 'graph',
    ...(notices.length > 0 && { notices }),
  } as const;
  if (series.length === 0 && !keepFields) return { name, meta, fields: [] };
  const time = field.time('time', times, stepMs === undefined ? {} : { config: { interval: stepMs } });
  const values = series.map((one, index): Field =>
    field.nullable.float64(one.key, valuesOf(one, index), {
      labels: one.labels,
      config: { ...config, ...one.display, displayNameFromDS: one.title },
    }),
  );
  return { name, meta, fields: [time, ...values] };
}

const OWN = ['id', 'name', 'type', 'band'];

function labelsOf(service: ServiceHealth, names: readonly LabelName[]): Labels {
  const own = { id: service.resource_id, name: service.resource_name, type: service.resource_type };
  const others = names.flatMap(({ key, name }) => {
    const text = labelOf(service, key);
    return text === undefined ? [] : [[name, text]];
  });
  return { ...own, ...(Object.fromEntries(others) as Labels) };
}

/** Names alone where they tell services apart, with the id where they do not. */
export function serviceSeries(services: readonly ServiceHealth[], snapshot: Snapshot): Series[] {
  const names = labelNames(snapshot, OWN);
  const uses = new Map<string, number>();
  for (const { resource_name } of services) uses.set(resource_name, (uses.get(resource_name) ?? 0) + 1);
  return services.map((service) => {
    const { resource_id, resource_name } = service;
    const title = uses.get(resource_name) === 1 ? resource_name : `${resource_name} (${resource_id})`;
    return { key: resource_id, title, labels: labelsOf(service, names) };
  });
}
