import { FLAGS, GLYPHS, MARKS, type Scene } from '../../../src/panels/topology/draw/scene.ts';
import type { GraphSize } from './contract.ts';

const PALETTE = ['#73bf69', '#ff9830', '#f2495c', '#8e8e8e', '#5a6068', '#3274d9'];
const COLOR_OF = { none: 5, healthy: 0, degraded: 1, failed: 2, unknown: 3 } as const;
const CALM_EDGE = 4;
const GAP_X = 180;
const GAP_Y = 200;
const ICON = 'M4 4h16v6H4z M4 14h16v6H4z';

/** The same numbers each time. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/**
 * A system in layers, as the bridge lays one out: most calls go to a near node of the next layer, one in ten anywhere. A
 * tenth is unhealthy or unknown, all have numbers, names and ring sections.
 */
export function benchScene({ nodes, edges }: GraphSize): Scene {
  const random = randoms(7);
  const columns = Math.ceil(Math.sqrt(nodes * 1.8));
  const rows = Math.ceil(nodes / columns);
  const each = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, at) => make(at));
  const glyphs = each(nodes, () => {
    const drawn = random();
    return drawn < 0.02 ? 'failed' : drawn < 0.06 ? 'degraded' : drawn < 0.1 ? 'unknown' : 'healthy';
  });
  const source = each(edges, () => Math.floor(random() * Math.max(1, nodes - columns)));
  const target = source.map((from) => {
    if (random() < 0.1) return Math.floor(random() * nodes);
    const column = (from % columns) + Math.round((random() - 0.5) * 12);
    const below = (Math.floor(from / columns) + 1) * columns;
    return Math.min(nodes - 1, below + Math.max(0, Math.min(columns - 1, column)));
  });
  const isBad = (node: number): boolean => glyphs[node] === 'failed' || glyphs[node] === 'degraded';
  const shares = glyphs.flatMap((glyph) => (glyph === 'unknown' ? [1] : [0.9, 0.1]));
  const ends = glyphs.map((glyph) => (glyph === 'unknown' ? 1 : 2));
  const offsets = new Uint32Array(nodes + 1);
  ends.forEach((count, node) => (offsets[node + 1] = (offsets[node] ?? 0) + count));
  return {
    palette: PALETTE,
    icons: [ICON],
    nodes: {
      ids: each(nodes, (node) => `service-${node}`),
      x: Float32Array.from(each(nodes, (node) => (node % columns) * GAP_X + (Math.floor(node / columns) % 2) * 70)),
      y: Float32Array.from(each(nodes, (node) => Math.floor(node / columns) * GAP_Y + random() * 40)),
      color: Uint16Array.from(glyphs, (glyph) => COLOR_OF[glyph]),
      glyph: Uint8Array.from(glyphs, (glyph) => GLYPHS.indexOf(glyph)),
      mark: Uint8Array.from(glyphs, (glyph, node) => (glyph === 'failed' ? 1 + (node % (MARKS.length - 1)) : 0)),
      flags: new Uint8Array(nodes),
      icon: Uint16Array.from(each(nodes, (node) => node % 2)),
      title: each(nodes, (node) => `checkout-service-${node}`),
      subtitle: each(nodes, (node) => `namespace-${node % rows}`),
      main: each(nodes, () => `${(random() * 400).toFixed(1)} req/s`),
      secondary: each(nodes, () => `${(random() * 90).toFixed(0)} ms`),
      arcs: {
        offsets,
        share: Float32Array.from(shares),
        color: Uint16Array.from(glyphs.flatMap((glyph) => (glyph === 'unknown' ? [3] : [COLOR_OF[glyph], 2]))),
      },
    },
    edges: {
      ids: each(edges, (edge) => `edge-${edge}`),
      source: Uint32Array.from(source),
      target: Uint32Array.from(target),
      color: Uint16Array.from(target, (to) => (isBad(to) ? COLOR_OF[glyphs[to] ?? 'none'] : CALM_EDGE)),
      width: Float32Array.from(each(edges, () => 1 + Math.floor(random() * 4))),
      flags: Uint8Array.from(target, (to) => (glyphs[to] === 'unknown' ? FLAGS.dashed : 0)),
      flow: Float32Array.from(each(edges, () => random() * 5)),
      main: each(edges, () => `${(random() * 50).toFixed(1)} req/s`),
      glyph: Uint8Array.from(target, (to) => GLYPHS.indexOf(glyphs[to] ?? 'none')),
    },
  };
}

/** The next state of the same system: other numbers, some other statuses; places and ends are the same objects. */
export function nextState(scene: Scene, tick: number): Scene {
  const random = randoms(tick + 100);
  const { nodes, edges } = scene;
  const color = nodes.color.slice();
  const glyph = nodes.glyph.slice();
  for (let change = 0; change < color.length / 100; change++) {
    const node = Math.floor(random() * color.length);
    const status = GLYPHS[1 + Math.floor(random() * 4)] ?? 'healthy';
    color[node] = COLOR_OF[status];
    glyph[node] = GLYPHS.indexOf(status);
  }
  return {
    ...scene,
    nodes: {
      ...nodes,
      color,
      glyph,
      main: nodes.main.map(() => `${(random() * 400).toFixed(1)} req/s`),
      secondary: nodes.secondary.map(() => `${(random() * 90).toFixed(0)} ms`),
      arcs: { ...nodes.arcs, share: nodes.arcs.share.map((share) => share) },
    },
    edges: {
      ...edges,
      color: edges.color.slice(),
      width: edges.width.map(() => 1 + Math.floor(random() * 4)),
      flow: edges.flow.map(() => random() * 5),
      main: edges.main.map(() => `${(random() * 50).toFixed(1)} req/s`),
    },
  };
}
