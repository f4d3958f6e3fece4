import { COLLECTIONS, MAX_DEVIATION_PERCENT } from '@topdeck/protocol';
import { describe, expect, test } from '@jest/globals';
import { System, STEP_MS, eventsOf, topologyOf } from './system.ts';

const ONE = topologyOf([], ['api']);
const SLOW = { 'api.latency_p95': 0.15 };
const warm = (options = {}): System => new System(ONE, { noise: 0.02, ...options }).learn(200);

describe('the life of an anomaly', () => {
  test('SNAP-5 EVT-1 it keeps one id from opening to resolution, with one event for each', () => {
    const system = warm();
    const firstDeviatingMs = system.atMs + STEP_MS;
    const diagnoses = [...system.ticks(60, SLOW), ...system.ticks(20)];
    const detected = eventsOf(diagnoses, 'anomaly_detected');
    const resolved = eventsOf(diagnoses, 'anomaly_resolved');
    expect(detected).toHaveLength(1);
    expect(resolved).toHaveLength(1);
    const ids = new Set(diagnoses.flatMap(({ anomalies }) => anomalies.map(({ alert_id }) => alert_id)));
    expect([...ids]).toEqual([detected[0].data.alert_id]);
    expect(resolved[0].data.alert_id).toBe(detected[0].data.alert_id);
    expect(detected[0].data.detected_at).toBe(new Date(firstDeviatingMs).toISOString());
    expect(resolved[0].data.duration_s).toBe((resolved[0].atMs - firstDeviatingMs) / 1000);
    expect(resolved[0].atMs).toBe(firstDeviatingMs + 64 * STEP_MS);
  });

  test('EVT-4 the event carries the whole alert as the snapshot of its tick has it', () => {
    const diagnoses = warm().ticks(3, SLOW);
    const [event] = eventsOf(diagnoses, 'anomaly_detected');
    const { description, ...alert } = event.data;
    expect(alert).toEqual(diagnoses[2].anomalies[0]);
    expect(description).toBe(`the api: ${alert.message}`);
  });

  test('a second episode has an id of its own', () => {
    const system = warm();
    const first = system.ticks(3, SLOW).at(-1)?.anomalies[0].alert_id;
    system.ticks(10);
    const second = system.ticks(3, SLOW).at(-1)?.anomalies[0].alert_id;
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
  });

  test('one calm tick does not resolve it, and a relapse gives no new event', () => {
    const diagnoses = warm().ticks(60, (k) => (k % 4 === 3 ? {} : SLOW));
    expect(eventsOf(diagnoses, 'anomaly_detected')).toHaveLength(1);
    expect(eventsOf(diagnoses, 'anomaly_resolved')).toEqual([]);
    expect(diagnoses.at(-1)?.anomalies).toHaveLength(1);
  });

  test('several detectors that see the same make one anomaly, under the name of the strongest', () => {
    const system = warm();
    const [first] = system.ticks(5, { 'api.error_rate': 0.4 }).slice(-1);
    expect(first.anomalies).toHaveLength(1);
    expect(first.anomalies[0]).toMatchObject({ metric_name: 'error_rate', detector: 'robust', severity: 'critical' });
    const statics = warm({ detectors: ['static'] })
      .ticks(5, { 'api.error_rate': 0.4 })
      .at(-1);
    expect(statics?.anomalies[0]).toMatchObject({
      metric_name: 'error_rate',
      detector: 'static',
      expected_value: 0.05,
    });
    expect(statics?.anomalies[0].score).toBeLessThan(first.anomalies[0].score as number);
  });

  test('an anomaly of an edge names both ends', () => {
    const system = new System(topologyOf(['a>b']), { noise: 0.02 }).learn(200);
    const diagnoses = system.ticks(3, { 'a>b.latency_p95': 0.15 });
    expect(diagnoses[2].anomalies).toMatchObject([{ resource_id: 'a', target_id: 'b', resource_name: 'the a' }]);
    expect(eventsOf(diagnoses, 'anomaly_detected')[0].data.description).toMatch(/^the a → the b: latency_p95 /);
  });
});

describe('what an alert says', () => {
  test('text stays still while values jitter', () => {
    const messages = new Set(
      warm()
        .ticks(100, SLOW)
        .flatMap(({ anomalies }) => anomalies.map(({ message }) => message)),
    );
    expect(messages.size).toBe(1);
  });

  test('text follows when the value has moved by more than a quarter', () => {
    const system = warm();
    system.ticks(5, SLOW);
    const after = system.tick({ 'api.latency_p95': 0.4 }).anomalies[0];
    expect(after.message).toMatch(/^latency_p95 0\.(39|40?|41)\d* s \(expected 0\.0(49|5|51)\d* s\)$/);
  });

  test('severity rises with the deviation and does not flicker at a bound', () => {
    const system = warm();
    const severity = (latencyS: number): string =>
      system.ticks(6, { 'api.latency_p95': latencyS })[5].anomalies[0].severity;
    const grades = [0.08, 0.15, 0.35, 0.8].map(severity);
    expect(grades).toEqual(['low', 'medium', 'high', 'high']);
    const around = system.ticks(60, { 'api.latency_p95': 0.33 }).map(({ anomalies }) => anomalies[0].severity);
    expect(new Set(around).size).toBe(1);
  });

  test('SNAP-1 an expected value of zero caps the deviation', () => {
    const system = new System(ONE).learn(200, { 'api.error_rate': 0 });
    const alert = system.tick({ 'api.error_rate': 0.3 }).anomalies[0];
    expect(alert.expected_value).toBe(0);
    expect(alert.deviation_percentage).toBe(MAX_DEVIATION_PERCENT);
  });

  test('a drop deviates downwards', () => {
    const alert = warm().ticks(3, { 'api.request_rate': 5 })[2].anomalies[0];
    expect(alert.deviation_percentage).toBeCloseTo(-90, 0);
    expect(alert.message).toMatch(/^request_rate [45](\.\d+)?\/s \(expected (49|50)\.?\d*\/s\)$/);
  });

  test('SNAP-3 alerts come worst first', () => {
    const topology = topologyOf(['a>b', 'c>d']);
    const system = new System(topology, { noise: 0.02 }).learn(200);
    const readings = { 'a.latency_p95': 0.12, 'b.error_rate': 0.5, 'c.latency_p95': 0.9, 'c>d.latency_p95': 0.1 };
    const { anomalies } = system.ticks(5, readings)[4];
    expect(anomalies).toHaveLength(4);
    expect([...anomalies].sort(COLLECTIONS.anomalies.compare)).toEqual(anomalies);
    expect(anomalies[0]).toMatchObject({ resource_id: 'b', severity: 'critical' });
  });
});

describe('when the topology changes', () => {
  const before = topologyOf(['a>b', 'b>c']);

  test('SNAP-5 what lives on keeps its anomaly and its baseline, whatever its index', () => {
    const system = new System(before, { noise: 0.02 }).learn(200);
    const readings = { 'b.latency_p95': 0.15, 'b>c.latency_p95': 0.15 };
    const ids = system.ticks(5, readings)[4].anomalies.map(({ alert_id }) => alert_id);
    expect(ids).toHaveLength(2);
    system.change(topologyOf(['_>b', 'b>c', 'aa>b'], ['z']));
    const [after] = system.ticks(1, readings);
    expect(after.anomalies.map(({ alert_id }) => alert_id)).toEqual(ids);
    expect(after.events).toEqual([]);
    const index = system.topology.indexOf.get('b') as number;
    const column = after.columns.find(({ spec }) => spec.name === 'latency_p95');
    expect(column?.expected[index]).toBeCloseTo(0.05, 2);
    expect(column?.expected[system.topology.indexOf.get('z') as number]).toBeNaN();
  });

  test('EVT-3 what leaves is resolved, once', () => {
    const system = new System(before, { noise: 0.02 }).learn(200);
    const [open] = system.ticks(5, { 'c.latency_p95': 0.15 })[4].anomalies;
    system.change(topologyOf(['a>b']));
    const after = system.ticks(3);
    expect(after[0].anomalies).toEqual([]);
    expect(eventsOf(after, 'anomaly_resolved').map(({ data }) => data.alert_id)).toEqual([open.alert_id]);
  });

  test('the same content is no change', () => {
    const system = new System(before, { noise: 0.02 }).learn(200);
    const open = system.ticks(5, { 'c.latency_p95': 0.15 })[4].anomalies;
    system.change(topologyOf(['b>c', 'a>b']));
    expect(system.tick({ 'c.latency_p95': 0.15 }).anomalies[0].alert_id).toBe(open[0].alert_id);
  });
});
