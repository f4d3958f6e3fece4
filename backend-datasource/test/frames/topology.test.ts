import { describe, expect, test } from '@jest/globals';
import type { QueryFilter } from '@topdeck/protocol/grafana';
import { BridgeUnavailable } from '../../src/bridge/bridge.ts';
import { REFUSED } from '../fake-bridge.ts';
import { service } from '../snapshots.ts';
import { fieldOf, framesOf, namesOf, noticesOf, readOf, rowsOf, shop, valuesOf } from './fixtures.ts';

const query = { queryType: 'topology' } as const;
const layout = {
  topology_version: 'v1',
  positions: [
    ['cart', 180, 130],
    ['db', 180, 260],
    ['mail', 360, 260],
    ['web', 180, 0],
  ] as [string, number, number][],
};

describe('topology', () => {
  test('is a frame of nodes and one of edges, as the node graph reads them', () => {
    const [nodes, edges] = framesOf(query, { extras: { layout } });
    expect([nodes.name, edges.name]).toEqual(['nodes', 'edges']);
    expect(nodes.meta?.preferredVisualisationType).toBe('nodeGraph');
    expect(edges.meta?.preferredVisualisationType).toBe('nodeGraph');
    expect(rowsOf(nodes, 'id', 'title', 'subtitle', 'mainstat', 'secondarystat', 'icon')).toEqual([
      {
        id: 'cart',
        title: 'Cart',
        subtitle: 'service',
        mainstat: 60,
        secondarystat: 12,
        icon: null,
      },
      {
        id: 'db',
        title: 'db',
        subtitle: 'database',
        mainstat: 0,
        secondarystat: null,
        icon: 'database',
      },
      {
        id: 'mail',
        title: 'mail',
        subtitle: 'external',
        mainstat: null,
        secondarystat: null,
        icon: 'cloud',
      },
      {
        id: 'web',
        title: 'web',
        subtitle: 'service',
        mainstat: 100,
        secondarystat: 20,
        icon: null,
      },
    ]);
    expect(rowsOf(nodes, 'arc__healthy', 'arc__degraded', 'arc__failed', 'arc__unknown', 'detail__team')).toEqual([
      { arc__healthy: 0, arc__degraded: 1, arc__failed: 0, arc__unknown: 0, detail__team: 'orders' },
      { arc__healthy: 0, arc__degraded: 0, arc__failed: 1, arc__unknown: 0, detail__team: null },
      { arc__healthy: 0, arc__degraded: 0, arc__failed: 0, arc__unknown: 1, detail__team: 'none' },
      { arc__healthy: 1, arc__degraded: 0, arc__failed: 0, arc__unknown: 0, detail__team: 'front' },
    ]);
    expect(fieldOf(nodes, 'arc__failed').config?.color).toEqual({ mode: 'fixed', fixedColor: '#F2495C' });
    expect(rowsOf(edges, 'id', 'source', 'target', 'mainstat', 'secondarystat', 'color', 'thickness')).toEqual([
      { id: 'cart->db', source: 'cart', target: 'db', mainstat: 99, secondarystat: 40, color: '#F2495C', thickness: 3 },
      {
        id: 'cart->mail',
        source: 'cart',
        target: 'mail',
        mainstat: null,
        secondarystat: null,
        color: '#8E8E8E',
        thickness: 1,
      },
      {
        id: 'web->cart',
        source: 'web',
        target: 'cart',
        mainstat: 10,
        secondarystat: 1,
        color: '#FF9830',
        thickness: 1 + Math.log10(11),
      },
    ]);
  });

  test('gives every node a place of its own as the layout has it, also those that it does not know', () => {
    const strangers = { ...layout, positions: layout.positions.slice(0, 2) };
    const [nodes] = framesOf(query, { extras: { layout: strangers } });
    const [cart, db, mail, web] = rowsOf(nodes, 'fixedx', 'fixedy') as { fixedx: number; fixedy: number }[];
    expect(db.fixedx).toBe(cart.fixedx);
    expect(db.fixedy).toBeGreaterThan(cart.fixedy);
    expect([mail.fixedy, web.fixedy].map((y) => y > db.fixedy)).toEqual([true, true]);
    expect(mail.fixedx).toBeLessThan(web.fixedx);
    expect(noticesOf(nodes)).toEqual([]);
  });

  test('without a layout stands in a grid and says so', () => {
    const [nodes] = framesOf(query);
    const places = rowsOf(nodes, 'fixedx', 'fixedy').map((place) => JSON.stringify(place));
    expect(new Set(places).size).toBe(4);
    expect(noticesOf(nodes)).toEqual([expect.stringContaining('grid')]);
  });

  test('reads the layout of the version it shows, and does without when the bridge does not give it', async () => {
    const versions: string[] = [];
    const read = await readOf(query, { layout: async (version) => (versions.push(version), layout) });
    expect(read).toEqual({ layout });
    expect(versions).toEqual(['v1']);
    await expect(readOf(query, { layout: () => Promise.reject(new BridgeUnavailable(REFUSED)) })).resolves.toEqual({});
    await expect(readOf(query, { layout: () => Promise.reject(new Error('a fault of ours')) })).rejects.toThrow(
      'of ours',
    );
  });

  test.each<[string, QueryFilter, string[], string[]]>([
    ['a resource with what it is joined to', { ids: ['db'] }, ['cart', 'db'], ['cart->db']],
    ['a neighbourhood and nothing beyond', { around: { id: 'web', depth: 1 } }, ['cart', 'web'], ['web->cart']],
    ['abnormal edges and their ends', { abnormal_only: true }, ['cart', 'db'], ['cart->db']],
    ['a resource without edges inside', { around: { id: 'mail', depth: 0 } }, ['mail'], []],
  ])('shows %s', (_, filter, nodes, edges) => {
    const frames = framesOf({ ...query, filter });
    expect(valuesOf(frames[0], 'id')).toEqual(nodes);
    expect(valuesOf(frames[1], 'id')).toEqual(edges);
  });

  test('cut by a limit has no edge without its ends', () => {
    const [nodes, edges] = framesOf({ ...query, limit: 2 });
    expect(valuesOf(nodes, 'id')).toEqual(['cart', 'db']);
    expect(valuesOf(edges, 'id')).toEqual(['cart->db']);
    expect(noticesOf(nodes)[0]).toMatch(/Showing 2 of 4 resources/);
  });

  test('leaves out an edge to what is no resource, on which the node graph would fail', () => {
    const [, edges] = framesOf(query, {
      snapshot: shop({
        dependencies: [
          ['cart', 'gone'],
          ['web', 'cart'],
        ],
      }),
    });
    expect(valuesOf(edges, 'id')).toEqual(['web->cart']);
  });

  test('tells edges apart whose ids contain what stands between them', () => {
    const snapshot = shop({
      services: ['a', 'a->b', 'b->c', 'c'].map((id) => service(id)),
      dependencies: [
        ['a', 'b->c'],
        ['a->b', 'c'],
      ],
    });
    expect(valuesOf(framesOf(query, { snapshot })[1], 'id')).toEqual(['a->b-%3Ec', 'a-%3Eb->c']);
  });

  test('tells who is the cause, who is impacted and how grave it is, and marks what leads there', () => {
    const { services, anomalies } = shop();
    const snapshot = shop({
      services: services.map((one) => (one.resource_id === 'web' ? { ...one, status: 'degraded' as const } : one)),
      anomalies: anomalies.map((one) => ({ ...one, cause_ids: one.resource_id === 'db' ? [] : ['db'] })),
    });
    const [nodes, edges] = framesOf(query, { snapshot });
    expect(rowsOf(nodes, 'id', 'detail__role', 'detail__severity', 'highlighted')).toEqual([
      { id: 'cart', detail__role: 'impacted', detail__severity: 'low', highlighted: false },
      { id: 'db', detail__role: 'cause', detail__severity: 'critical', highlighted: true },
      { id: 'mail', detail__role: null, detail__severity: null, highlighted: false },
      { id: 'web', detail__role: 'impacted', detail__severity: null, highlighted: false },
    ]);
    expect(rowsOf(edges, 'id', 'highlighted')).toEqual([
      { id: 'cart->db', highlighted: true },
      { id: 'cart->mail', highlighted: false },
      { id: 'web->cart', highlighted: true },
    ]);
    // What a filter leaves out has a part in it all the same.
    const [some] = framesOf({ ...query, filter: { around: { id: 'web', depth: 0 } } }, { snapshot });
    expect(valuesOf(some, 'detail__role')).toEqual(['impacted']);
  });

  test('keeps its own columns from labels of their names', () => {
    const services = [service('a', { labels: { role: 'primary', severity: 'high' } })];
    const [nodes] = framesOf(query, { snapshot: shop({ services, dependencies: [], anomalies: [] }) });
    expect(rowsOf(nodes, 'detail__role', 'detail__label_role', 'detail__severity', 'detail__label_severity')).toEqual([
      { detail__role: null, detail__label_role: 'primary', detail__severity: null, detail__label_severity: 'high' },
    ]);
  });

  test('has the same columns whatever passes', () => {
    const empty = framesOf({ ...query, filter: { ids: ['gone'] } });
    expect(empty.map(namesOf)).toEqual(framesOf(query).map(namesOf));
  });
});
