import { describe, expect, test } from '@jest/globals';
import { System, topologyOf, type Readings } from './system.ts';

const slow = (...ids: string[]): Readings => Object.fromEntries(ids.map((id) => [`${id}.latency_p95`, 0.2]));
function causesOf(system: System, readings: Readings, id: string): readonly string[] {
  const { anomalies } = system.ticks(5, readings)[4];
  return (
    anomalies.find((alert) => alert.resource_id === id && alert.target_id === undefined)?.potential_causes ?? ['none']
  );
}
const system = (pairs: readonly string[]): System => new System(topologyOf(pairs), { noise: 0.02 }).learn(70);
const names = (causes: readonly string[]): string[] => causes.map((cause) => cause.split(':')[0]);

describe('potential causes', () => {
  test('along a chain of four the last one is named first, and has none itself', () => {
    const chain = ['web>shop', 'shop>orders', 'orders>db'];
    const all = slow('web', 'shop', 'orders', 'db');
    expect(names(causesOf(system(chain), all, 'web'))).toEqual(['the db', 'the orders', 'the shop']);
    expect(names(causesOf(system(chain), all, 'orders'))).toEqual(['the db']);
    expect(causesOf(system(chain), all, 'db')).toEqual([]);
  });

  test('a cause says who, which metric and how much', () => {
    const [cause] = causesOf(system(['web>db']), slow('web', 'db'), 'web');
    expect(cause).toMatch(/^the db: latency_p95 0\.\d+ s \(expected 0\.0\d+ s\)$/);
  });

  test('trouble does not pass through a service that is known to be well', () => {
    expect(causesOf(system(['web>shop', 'shop>db']), slow('web', 'db'), 'web')).toEqual([]);
  });

  test('trouble passes through a service that nothing is known of', () => {
    const world = system(['web>shop', 'shop>db']);
    expect(names(causesOf(world, { ...slow('web', 'db'), ...world.silent('shop') }, 'web'))).toEqual(['the db']);
  });

  test('an end that is in trouble comes before one on the way, a deeper end before a nearer', () => {
    const world = system(['web>shop', 'shop>db', 'web>cache']);
    expect(names(causesOf(world, slow('web', 'shop', 'db', 'cache'), 'web'))).toEqual([
      'the db',
      'the cache',
      'the shop',
    ]);
  });

  test('of ends equally deep the graver comes first', () => {
    const world = system(['web>a', 'web>b']);
    const readings = { ...slow('web', 'a'), 'b.latency_p95': 0.6 };
    expect(names(causesOf(world, readings, 'web'))).toEqual(['the b', 'the a']);
  });

  test('fewer requests further down are an effect, no cause', () => {
    expect(causesOf(system(['web>db']), { ...slow('web'), 'db.request_rate': 1 }, 'web')).toEqual([]);
  });

  test('an edge is named where its target shows nothing', () => {
    const causes = causesOf(system(['web>db']), { ...slow('web'), 'web>db.latency_p95': 0.2 }, 'web');
    expect(names(causes)).toEqual(['the web → the db']);
  });

  test('the anomaly of an edge has its target for a cause', () => {
    const world = system(['web>shop', 'shop>db']);
    const { anomalies } = world.ticks(5, {
      ...slow('shop', 'db', 'shop>db'),
      'web>shop.latency_p95': 0.2,
    })[4];
    const edge = anomalies.find(({ target_id }) => target_id === 'shop');
    expect(names(edge?.potential_causes ?? [])).toEqual(['the db', 'the shop']);
  });

  test('SNAP-8 each cause is named by its resource too; of an edge, by the one that it leads to', () => {
    const alertOf = (world: System, readings: Readings, id: string) =>
      world.ticks(5, readings)[4].anomalies.find((alert) => alert.resource_id === id && alert.target_id === undefined);
    const chain = alertOf(system(['web>shop', 'shop>db']), slow('web', 'shop', 'db'), 'web');
    expect(chain?.cause_ids).toEqual(['db', 'shop']);
    expect(chain?.potential_causes).toHaveLength(2);
    const edge = alertOf(system(['web>db']), { ...slow('web'), 'web>db.latency_p95': 0.2 }, 'web');
    expect([edge?.potential_causes[0].split(':')[0], edge?.cause_ids]).toEqual(['the web → the db', ['db']]);
    expect(alertOf(system(['web>db']), slow('db'), 'db')?.cause_ids).toEqual([]);
  });

  test('services that call each other end the search', () => {
    const causes = causesOf(system(['a>b', 'b>c', 'c>a']), slow('a', 'b', 'c'), 'a');
    expect(names(causes)).toEqual(['the c', 'the b']);
  });

  test('a hub with more dependencies than a search may look at names five at most', () => {
    const world = system(Array.from({ length: 600 }, (_, i) => `hub>leaf${i}`));
    const leaves = Array.from({ length: 600 }, (_, i) => `leaf${i}`);
    expect(causesOf(world, slow('hub', ...leaves), 'hub')).toHaveLength(5);
  });
});
