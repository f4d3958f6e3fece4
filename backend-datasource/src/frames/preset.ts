import type { FieldConfig } from '@topdeck/grafana-plugin-sdk/frames';
import { WELL_KNOWN_METRICS, type Snapshot } from '@topdeck/protocol';
import { metricDisplay } from './display.ts';

/** A metric that the bridge reads. */
export interface KnownMetric {
  readonly name: string;
  readonly unit: string;
  readonly display: FieldConfig;
}

const FIRST: readonly string[] = Object.values(WELL_KNOWN_METRICS);
const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/**
 * Those of the preset, whether they have values or not, so that columns stay. The order of keys is that of the deltas
 * that came, so they are sorted: the well-known first, the rest by name. Empty before the first collection.
 */
export function knownMetrics({ freshness }: Snapshot, scope: 'service' | 'edge'): readonly KnownMetric[] {
  const prefix = `${scope}.`;
  return Object.entries(freshness.metric_outcomes)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, { unit }]) => {
      const name = key.slice(prefix.length);
      return { name, unit, display: metricDisplay(name, unit) };
    })
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}
