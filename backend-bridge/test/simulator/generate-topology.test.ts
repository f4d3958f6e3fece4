import { describe, expect, test } from '@jest/globals';
import { generateTopology } from '../../src/simulator/generate-topology.ts';
import { buildTrafficGraph } from '../../src/simulator/traffic-graph.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';

const make = (services: number, edges: number, seed = 1) => {
  const { resources, dependencies } = generateTopology({ services, edges, seed });
  return buildTopology(resources, dependencies);
};
const NO_ISSUES = { missing_id: 0, duplicate_id: 0, duplicate_edge: 0, dangling_edge: 0, self_edge: 0 };

describe('generateTopology', () => {
  test.each([
    [100, 280],
    [1_000, 5_000],
    [10_000, 50_000],
  ])('%d services and %d edges: just that many, none of them bad', (services, edges) => {
    const topology = make(services, edges);
    expect(topology.resources).toHaveLength(services);
    expect(topology.dependencies).toHaveLength(edges);
    expect(topology.issues).toEqual(NO_ISSUES);
  });

  test('is the same for the same seed and another for another', () => {
    expect(make(200, 700).version).toBe(make(200, 700).version);
    expect(make(200, 700, 2).version).not.toBe(make(200, 700).version);
  });

  test('is layered: few entries, all of them gateways; nothing below the data; a few cycles', () => {
    const topology = make(1_000, 5_000);
    const { isEntry, isBackEdge, outStart } = buildTrafficGraph(topology);
    const entries = topology.resources.filter((_, i) => isEntry[i] === 1);
    expect(entries).toHaveLength(20);
    expect(new Set(entries.map((r) => r.resource_type))).toEqual(new Set(['gateway']));
    const cycles = isBackEdge.reduce((sum, back) => sum + back, 0);
    expect(cycles).toBeGreaterThan(0);
    expect(cycles).toBeLessThan(50);
    const data = topology.resources.flatMap((r, i) => (r.labels['tier'] === 'data' ? [i] : []));
    const calling = data.filter((i) => outStart[i] < outStart[i + 1]);
    expect(calling.length).toBeLessThan(0.05 * data.length);
  });

  test('names and labels its resources as people do', () => {
    const { resources } = generateTopology({ services: 300, edges: 900, seed: 1 });
    for (const { id, labels } of resources) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)+(-\d+)?$/);
      expect(Object.keys(labels)).toEqual(['namespace', 'team', 'tier', 'environment']);
    }
    const types = new Set(resources.map((r) => r.resource_type));
    expect([...types].sort()).toEqual(['cache', 'database', 'external', 'gateway', 'queue', 'service']);
  });

  test.each([
    [1, 0],
    [1, 10],
    [2, 100],
    [7, 6],
    [9, 1_000],
  ])('copes with %d services and %d edges wanted', (services, edges) => {
    const topology = make(services, edges);
    expect(topology.resources).toHaveLength(services);
    expect(topology.issues).toEqual(NO_ISSUES);
    // Every resource below the top is called, so there are at least as many edges as that takes.
    expect(topology.dependencies.length).toBeLessThanOrEqual(Math.max(edges, services - 1));
  });
});
