import { describe, expect, test } from '@jest/globals';
import { RootCause, RootCauseSuspect, type MetricSpec } from '@topdeck/protocol';
import Schema from 'typebox/schema';
import { confidences } from '../../src/engine/root-cause/confidence.ts';
import { METRICS, System, topologyOf, type Readings } from './system.ts';

const WITH_NETWORK: readonly MetricSpec[] = [
  ...METRICS,
  { name: 'network_latency', scope: 'edge', unit: 's', bad_direction: 'up' },
];
const SHOP = ['web>cart', 'web>search', 'cart>db', 'cart>pay', 'search>index'];
const world = (pairs: readonly string[] = SHOP): System =>
  new System(topologyOf(pairs), { noise: 0.02, metrics: WITH_NETWORK }).learn(100);

const slow = (seconds: number, ...entities: string[]): Readings =>
  Object.fromEntries(entities.map((entity) => [`${entity}.latency_p95`, seconds]));

function answer(system: System, readings: Readings, id = 'web'): RootCause {
  const diagnosis = system.ticks(4, readings)[3];
  return diagnosis.rootCauses.of(system.topology.indexOf.get(id) as number);
}
const suspectIds = ({ suspects }: Pick<RootCause, 'suspects'>): string[] =>
  suspects.map(({ resource_id, target_id }) => (target_id === undefined ? resource_id : `${resource_id}>${target_id}`));

describe('the root cause of a service', () => {
  test('is what its excess flows to, past those on the way', () => {
    const found = answer(world(), slow(0.4, 'web', 'web>cart', 'cart', 'cart>db', 'db'));
    expect(found.verdict).toBe('explained');
    expect(suspectIds(found)[0]).toBe('db');
    expect(found.suspects[0]).toMatchObject({ role: 'cause', resource_name: 'the db' });
    expect(found.suspects[0].confidence).toBeGreaterThan(0.8);
    expect(found.suspects[0].evidence[0].path).toEqual(['db', 'cart', 'web']);
    expect(found.impacted).toEqual(['cart', 'web']);
    expect(found.text).toMatch(
      /^the db is the likely cause of the trouble of the web \(\d+% sure\)\. the db: latency_p95/,
    );
  });

  test('is the one of two dependencies that makes up more of the excess', () => {
    const readings = {
      ...slow(0.5, 'web', 'web>cart', 'cart'),
      ...slow(0.1, 'web>search', 'search'),
    };
    expect(suspectIds(answer(world(), readings))[0]).toBe('cart');
  });

  test('is none for a healthy service, and unknown for one that nothing is known of', () => {
    const system = world();
    expect(answer(system, slow(0.4, 'index'), 'web')).toMatchObject({ verdict: 'healthy', suspects: [] });
    expect(answer(system, system.silent('cart'), 'cart')).toMatchObject({ verdict: 'unknown', suspects: [] });
  });

  test('is the service itself when none of its dependencies is slow', () => {
    const found = answer(world(), slow(0.4, 'web'));
    expect([found.verdict, suspectIds(found)]).toEqual(['explained', ['web']]);
    expect(found.suspects[0].score).toBeLessThan(0.6);
    expect(found.text).toMatch(/^the web itself is the likely cause/);
  });

  test('is surer of the service itself when its CPU is busy too', () => {
    const alone = answer(world(), slow(0.4, 'web')).suspects[0];
    const busy = answer(world(), { ...slow(0.4, 'web'), 'web.cpu_usage': 0.95 }).suspects[0];
    expect(busy.score).toBeGreaterThan(alone.score + 0.3);
    expect(busy.evidence.map(({ metric_name }) => metric_name)).toEqual(['latency_p95', 'cpu_usage']);
  });

  test('is the edge where only its caller sees the delay', () => {
    const found = answer(world(), slow(0.4, 'web', 'web>cart'));
    expect(suspectIds(found)[0]).toBe('web>cart');
    expect(found.suspects[0].text).toMatch(/^Calls to the cart are delayed or lost on the way/);
  });

  test('is who stopped calling, when its caller fails and calls no longer go out', () => {
    const readings = { 'web.error_rate': 0.3, 'cart>pay.request_rate': 0, 'pay.request_rate': 0 };
    expect(suspectIds(answer(world(), readings))[0]).toBe('cart');
  });

  test('follows errors by lost requests', () => {
    const failing = Object.fromEntries(
      ['web', 'web>search', 'search', 'search>index', 'index'].map((at) => [`${at}.error_rate`, 0.3]),
    );
    expect(suspectIds(answer(world(), failing))[0]).toBe('index');
  });

  test('ends in a cycle of calls', () => {
    const pairs = ['web>a', 'a>b', 'b>a', 'b>db'];
    const found = answer(world(pairs), slow(0.4, 'web', ...pairs, 'a', 'b', 'db'));
    expect(found.suspects.every(({ score }) => score <= 1)).toBe(true);
    expect(found.verdict).toBe('explained');
  });

  test('tells who failed first besides the cause', () => {
    const system = world();
    system.ticks(6, slow(0.4, 'cart'));
    const found = answer(system, slow(0.8, 'web', 'web>cart', 'cart', 'cart>db', 'db'));
    expect(suspectIds(found)[0]).toBe('db');
    expect(found.first_failure?.resource_id).toBe('cart');
  });

  test('keeps to its schema', () => {
    const found = answer(world(), { ...slow(0.4, 'web', 'web>cart', 'cart'), 'cart.cpu_usage': 2 });
    expect([...Schema.Compile(RootCause).Errors(found)[1]]).toEqual([]);
  });
});

describe('the suspects of an incident', () => {
  test('count delay on the way to a service that shows nothing itself', () => {
    const system = world();
    const diagnosis = system.ticks(4, { 'cart>db.network_latency': 3 })[3];
    const suspects = diagnosis.rootCauses.among([system.topology.indexOf.get('db') as number]);
    expect([...Schema.Compile(RootCauseSuspect).Errors(suspects[0])[1]]).toEqual([]);
    expect(suspectIds({ suspects })).toEqual(['cart>db']);
  });

  test('are the same whatever the services are called', () => {
    const fault = (name: (id: string) => string): (readonly [string, number])[] => {
      const rename = (entity: string): string => entity.split('>').map(name).join('>');
      const system = new System(topologyOf(SHOP.map(rename)), { metrics: WITH_NETWORK }).learn(100);
      const readings = {
        ...slow(0.4, ...['web', 'web>cart', 'cart', 'web>search'].map(rename)),
        [`${name('pay')}.cpu_usage`]: 0.95,
        [`${rename('cart>db')}.network_latency`]: 3,
      };
      const diagnosis = system.ticks(4, readings)[3];
      const suspects = diagnosis.rootCauses.among(system.topology.resources.keys());
      return suspects.map(({ resource_id, target_id, score }) => [target_id ?? resource_id, score]);
    };
    const plain = fault((id) => id);
    const reversed: Readonly<Record<string, string>> = {
      web: 'a9',
      cart: 'z1',
      search: 'c',
      db: 'b',
      pay: 'y',
      index: 'a1',
    };
    expect(plain.length).toBeGreaterThan(2);
    expect(fault((id) => reversed[id])).toEqual(plain.map(([id, score]) => [reversed[id], score]));
  });
});

describe('a search', () => {
  test('asks little of a hub with thousands of dependencies, all in trouble', () => {
    const leaves = Array.from({ length: 600 }, (_, i) => `leaf${i}`);
    const system = world(leaves.map((leaf) => `hub>${leaf}`));
    const entities = ['hub', ...leaves, ...leaves.map((leaf) => `hub>${leaf}`)];
    const diagnosis = system.ticks(4, slow(0.4, ...entities))[3];
    const startMs = performance.now();
    const found = diagnosis.rootCauses.of(system.topology.indexOf.get('hub') as number);
    expect(performance.now() - startMs).toBeLessThan(1_000);
    // All together slow: no dependency makes up a share worth naming.
    expect(found).toMatchObject({ verdict: 'unknown', suspects: [] });
  });

  test('looks at the tick that it was made for, whatever comes after', () => {
    const system = world();
    const diagnosis = system.ticks(4, slow(0.4, 'web', 'web>cart', 'cart'))[3];
    const ask = (): RootCause => diagnosis.rootCauses.of(system.topology.indexOf.get('web') as number);
    const before = ask();
    system.ticks(5);
    expect(ask()).toEqual(before);
    expect(before.verdict).toBe('explained');
  });

  test('has confidences that rise with the lead and are together at most 1', () => {
    expect(confidences([])).toEqual([]);
    expect(confidences([0.9])[0]).toBeGreaterThan(confidences([0.9, 0.8])[0]);
    expect(confidences([0.9, 0.8])[0]).toBeGreaterThan(confidences([0.5, 0.8])[0]);
    const sum = confidences([0.9, 0.9, 0.9, 0.1]).reduce((all, one) => all + one, 0);
    expect(sum).toBeLessThanOrEqual(1);
  });
});
