import type { Topology } from '@topdeck/protocol';
import { buildTopology } from '../../src/sources/build-topology.ts';
import type { MetricsPreset, PresetMetric } from '../../src/sources/presets.ts';
import { matrix, vector, type StubAnswer, type StubRequest, type StubSeries } from './prometheus-stub.ts';

export const serviceId = (i: number): string => `service-${String(i).padStart(5, '0')}`;

/** `size` services, each calling the next `fanOut` ones; ids of a small graph are also in a larger one. */
export function ringTopology(size: number, fanOut = 1): Topology {
  const ids = Array.from({ length: size }, (_, i) => serviceId(i));
  const calls = ids.flatMap((source, i) =>
    Array.from({ length: fanOut }, (_, k) => ({ source, target: ids[(i + k + 1) % size] })),
  );
  return buildTopology(
    ids.map((id) => ({ id })),
    calls,
  );
}

/** Label sets that the preset's mapping turns into each entity of the graph. */
function labelSets({ mappings }: PresetMetric, topology: Topology): Record<string, string>[] {
  const [first, second] = mappings;
  if (second === undefined) return topology.resources.map(({ id }) => ({ [first.label]: id }));
  return topology.dependencies.map(({ source, target }) => ({ [first.label]: source, [second.label]: target }));
}

/** Answers like a Prometheus that knows every entity of `topology` at any time, with the value `valueAt` gives. */
export function answerFor(preset: MetricsPreset, topology: Topology, valueAt: (entity: number, atS: number) => number) {
  return ({ path, form }: StubRequest): StubAnswer => {
    const instant = new URL(path, 'http://stub').pathname.endsWith('/query');
    const asked = (form.get('query') ?? '').trim();
    // A query that is cut to some entities holds the whole one in brackets; what it is cut to is left to the reader.
    const metric = preset.metrics.find(({ query }) => {
      const whole = query.replaceAll('$window', '1m').trim();
      return asked === whole || asked.startsWith(`(${whole}\n) and on (`);
    });
    if (metric === undefined) return { body: vector([{ metric: {}, samples: [[0, '1']] }]) };
    const times: number[] = [];
    if (instant) times.push(Number(form.get('time')));
    else {
      const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
      for (let atS = start; atS <= end + 1e-6; atS += step) times.push(atS);
    }
    const series: StubSeries[] = labelSets(metric, topology).map((labels, entity) => ({
      metric: labels,
      samples: times.map((atS) => [atS, String(valueAt(entity, atS))] as const),
    }));
    return { body: instant ? vector(series) : matrix(series) };
  };
}
