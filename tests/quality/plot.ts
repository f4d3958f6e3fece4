/** Draws docs/quality-band.svg: one made-up series over four days as the service sees it. `node tests/quality/plot.ts` */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MetricSpec } from '@topdeck/protocol';
import { bandsOf } from '../../backend-bridge/src/engine/bands.ts';
import { createEngine } from '../../backend-bridge/src/engine/engine.ts';
import { buildTopology } from '../../backend-bridge/src/sources/build-topology.ts';
import { seededNoise } from '../fixtures/seeded-noise.ts';

const METRIC: MetricSpec = { name: 'latency_p95', scope: 'service', unit: 's', bad_direction: 'up' };
const STEP_MS = 60_000;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 5);
const [LEARNT_DAYS, SHOWN_DAYS] = [3, 4];
const [WIDTH, HEIGHT, MARGIN] = [1000, 280, 40];
/** From day 1.6 of those shown, for three hours: a fault; from day 2.5 on: a slower release. */
const fault = (day: number): number => (day > 1.6 && day < 1.725 ? 2.2 : 1) * (day > 2.5 ? 1.7 : 1);

const noise = seededNoise(11);
const count = ((LEARNT_DAYS + SHOWN_DAYS) * DAY_MS) / STEP_MS;
const times = Array.from({ length: count }, (_, k) => START_MS + k * STEP_MS);
const values = times.map((atMs, k) => {
  const wave = 1 + 0.4 * Math.sin((2 * Math.PI * (atMs % DAY_MS)) / DAY_MS);
  return 0.08 * wave * fault((k * STEP_MS) / DAY_MS - LEARNT_DAYS) * Math.exp(0.07 * noise.normal());
});

const topology = buildTopology([{ id: 'api', resource_type: 'service' }], []);
const engine = createEngine({ metrics: [METRIC], stepMs: STEP_MS });
engine.setTopology(topology);
const report = { outcome: 'ok', seriesMatched: 1, seriesUnmatched: 0, warnings: [] } as const;
const openAt = times.map((atMs, k) => {
  const columns = [{ spec: METRIC, values: Float64Array.of(values[k]), report }];
  return engine.diagnose({ atMs, topologyVersion: topology.version, columns }).anomalies.length > 0;
});
const columns = values.map((value) => Float64Array.of(value));
const bands = bandsOf({ spec: METRIC, stepMs: STEP_MS, times, columns, requests: times.map(() => undefined) });

const first = (LEARNT_DAYS * DAY_MS) / STEP_MS;
const most = 1.1 * Math.max(...values.slice(first));
const x = (k: number): string => (MARGIN + ((k - first) / (count - first)) * (WIDTH - 2 * MARGIN)).toFixed(1);
const y = (value: number): string =>
  (HEIGHT - MARGIN - (Math.min(value, most) / most) * (HEIGHT - 2 * MARGIN)).toFixed(1);
/** Every fifth point: no eye sees more at this width. */
const shown = times.flatMap((_, k) => (k >= first && k % 5 === 0 ? [k] : []));
const line = (of: (k: number) => number): string => shown.map((k) => `${x(k)},${y(of(k))}`).join(' ');
const upper = line((k) => bands[k].upper[0]);
const lower = line((k) => bands[k].lower[0])
  .split(' ')
  .reverse()
  .join(' ');
const spans = shown
  .filter((k) => openAt[k])
  .map(
    (k) => `<rect x="${x(k)}" y="${MARGIN}" width="1.2" height="${HEIGHT - 2 * MARGIN}" fill="#d44a3a" opacity=".35"/>`,
  );
const dayLines = Array.from({ length: SHOWN_DAYS + 1 }, (_, day) => {
  const at = x(first + (day * DAY_MS) / STEP_MS);
  return `<text x="${at}" y="${HEIGHT - 14}" font-size="12" text-anchor="middle" fill="#555">day ${day}</text>`;
});
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" role="img">
<title>A latency over four days: values, expected band, open anomalies</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${MARGIN}" y="24" font-size="13" fill="#333">95th percentile latency: values, the band of what is expected, open anomalies (red)</text>
${spans.join('\n')}
<polygon points="${upper} ${lower}" fill="#3a7bd4" opacity=".25"/>
<polyline points="${line((k) => bands[k].expected[0])}" fill="none" stroke="#3a7bd4" stroke-width="1.2"/>
<polyline points="${line((k) => values[k])}" fill="none" stroke="#222" stroke-width=".7"/>
${dayLines.join('\n')}
</svg>
`;
writeFileSync(resolve(import.meta.dirname, '../../docs/quality-band.svg'), svg);
