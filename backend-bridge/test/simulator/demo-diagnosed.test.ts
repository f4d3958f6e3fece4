import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { STATUSES, type DiagnosticsEvent, type Status } from '@topdeck/protocol';
import type { Diagnosis } from '../../src/engine/diagnosis.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { DEMO_PERIOD_MS } from '../../src/simulator/demo-schedule.ts';
import { parseTopologyFile } from '../../src/sources/file-topology-format.ts';
import { SimulatedMetrics } from '../../src/sources/simulated-metrics.ts';
import { PEAK_MS } from './system.ts';

const STEP_MS = 5_000;
const text = readFileSync(new URL('../../topologies/demo.yaml', import.meta.url), 'utf8');
const DEMO = parseTopologyFile(text, { format: 'yaml', labels: [], maxNodes: 100, maxEdges: 100 });
const { signal } = new AbortController();

/** What the engine says of the simulator, as the bridge runs them: warmed with its past, then a collection every 5 s. */
async function diagnose(options: { seed: number; demo: boolean; forMs: number }): Promise<Diagnosis[]> {
  const source = new SimulatedMetrics(options);
  const engine = createEngine({ metrics: source.metrics, stepMs: STEP_MS });
  engine.setTopology(DEMO);
  const past = { fromMs: PEAK_MS - 1_200_000, toMs: PEAK_MS - STEP_MS, stepMs: STEP_MS };
  for (const batch of await source.backfill({ topology: DEMO, ...past, signal })) engine.learn(batch);
  const found: Diagnosis[] = [];
  for (let atMs = PEAK_MS; atMs <= PEAK_MS + options.forMs; atMs += STEP_MS)
    found.push(engine.diagnose(await source.collect({ topology: DEMO, atMs, signal })));
  return found;
}

const withStatus = ({ services }: Diagnosis, ...statuses: Status[]): string[] =>
  DEMO.resources.flatMap(({ id }, i) => (statuses.includes(STATUSES[services.status[i]]) ? [id] : []));
const eventsOf = (diagnoses: readonly Diagnosis[]): DiagnosticsEvent[] => diagnoses.flatMap(({ events }) => events);

describe('the demo as the engine sees it', () => {
  test('within a minute a service fails, its callers suffer one after the other, the cause is named, all recover', async () => {
    const minute = await diagnose({ seed: 1, demo: true, forMs: 60_000 });
    const at = (afterS: number): Diagnosis => minute[(afterS * 1000) / STEP_MS];
    expect(eventsOf(minute.slice(0, 3))).toEqual([]);
    expect(withStatus(at(10), 'healthy')).toHaveLength(DEMO.resources.length);
    const firstHurt = withStatus(at(20), 'failed', 'degraded');
    expect(firstHurt).toContain('carrier-api');
    expect(withStatus(at(35), 'failed', 'degraded').length).toBeGreaterThan(firstHurt.length);
    expect(at(35).overall).toBe('critical');
    const causes = at(35)
      .anomalies.filter(({ resource_id: id }) => id === 'orders')
      .flatMap((a) => a.potential_causes);
    expect(causes[0]).toMatch(/Carrier API/);
    expect(withStatus(at(60), 'healthy')).toHaveLength(DEMO.resources.length);
    expect(at(60).overall).toBe('healthy');
  });

  test('every round is noticed, and between the rounds all is quiet', async () => {
    const rounds = 6;
    const found = await diagnose({ seed: 1, demo: true, forMs: rounds * DEMO_PERIOD_MS });
    for (let round = 0; round < rounds; round += 1) {
      const within = found.filter(({ atMs }) => Math.floor((atMs - PEAK_MS) / DEMO_PERIOD_MS) === round);
      const intoRound = (d: Diagnosis): number => (d.atMs - PEAK_MS) % DEMO_PERIOD_MS;
      const opened = eventsOf(within).filter(({ type }) => type === 'anomaly_detected');
      expect({ round, noticed: opened.length > 0 }).toEqual({ round, noticed: true });
      const calm = within.filter((d) => intoRound(d) <= 10_000 || intoRound(d) >= 75_000);
      expect(eventsOf(calm)).toEqual([]);
      expect(calm.flatMap((d) => d.anomalies)).toEqual([]);
    }
  });

  test.each([1, 2])('without faults half an hour passes without an event (seed %d)', async (seed) => {
    expect(eventsOf(await diagnose({ seed, demo: false, forMs: 1_800_000 }))).toEqual([]);
  });
});
