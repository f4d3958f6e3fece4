import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { layOut } from '../../src/layout/continued-layout.ts';
import { COLUMN, ROW, type Layout } from '../../src/layout/layout.ts';
import { graphOf, overlaps, partsArbitrary, placesOf, upward } from './graphs.ts';

const at = ({ ids, x, y }: Layout, id: string): { x: number; y: number } => {
  const i = ids.indexOf(id);
  return { x: x[i], y: y[i] };
};

/** Each run may be dozens of drawings. */
const RUNS = { numRuns: 30 };

describe('a layout that follows upon another (REST-11)', () => {
  test('keeps every place while nodes and edges join and leave, and nobody overlaps', () => {
    fc.assert(
      fc.property(fc.array(partsArbitrary(40, false), { minLength: 2, maxLength: 6 }), (versions) => {
        let before = layOut(graphOf(versions[0]));
        for (const parts of versions.slice(1)) {
          const next = layOut(graphOf(parts), before);
          const [old, places] = [placesOf(before), placesOf(next)];
          for (const [id, place] of old) if (places.has(id)) expect([id, places.get(id)]).toEqual([id, place]);
          expect([...places.keys()]).toEqual(graphOf(parts).ids);
          expect(overlaps(next)).toEqual([]);
          before = next;
        }
      }),
      RUNS,
    );
  });

  test('is decided by the graph and the layout before it alone', () => {
    fc.assert(
      fc.property(partsArbitrary(30, false), partsArbitrary(30, false), (first, second) => {
        const again = (): Layout => layOut(graphOf(second), layOut(graphOf(first)));
        expect(placesOf(again())).toEqual(placesOf(again()));
      }),
      RUNS,
    );
  });

  test('is the same layout when nothing but values changed', () => {
    const graph = graphOf(['a>b', 'b>c', 'd']);
    const first = layOut(graph);
    expect(layOut(graph, first)).toEqual(first);
  });

  test('puts a newcomer below who calls it and above whom it calls', () => {
    fc.assert(
      fc.property(
        partsArbitrary(20, true),
        fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 6 }),
        (parts, picks) => {
          const before = layOut(graphOf(parts));
          const known = (pick: number): string => before.ids[pick % before.ids.length];
          const callers = graphOf([...parts, ...picks.map((pick) => `${known(pick)}>newcomer`)]);
          expect(upward(callers, layOut(callers, before))).toEqual(upward(graphOf(parts), before));
          const callees = graphOf([...parts, ...picks.map((pick) => `newcomer>${known(pick)}`)]);
          expect(upward(callees, layOut(callees, before))).toEqual(upward(graphOf(parts), before));
        },
      ),
    );
  });

  test('puts a newcomer between two layers, close to both', () => {
    const parts = ['a>b', 'a>c'];
    const before = layOut(graphOf(parts));
    const after = layOut(graphOf([...parts, 'a>new', 'new>b']), before);
    const [a, b, place] = [at(after, 'a'), at(after, 'b'), at(after, 'new')];
    expect([a.y < place.y, place.y < b.y]).toEqual([true, true]);
    expect(Math.abs(place.x - a.x)).toBeLessThanOrEqual(1.5 * COLUMN);
  });

  test('follows a chain of newcomers from the node they hang on', () => {
    const before = layOut(graphOf(['a>b']));
    const after = layOut(graphOf(['a>b', 'b>x', 'x>y', 'y>z']), before);
    expect(upward(graphOf(['a>b', 'b>x', 'x>y', 'y>z']), after)).toEqual([]);
    expect(at(after, 'z')).toEqual({ x: at(after, 'b').x, y: at(after, 'b').y + 6 * ROW });
  });

  test('gives the old place to who comes back, unless somebody took it', () => {
    const full = graphOf(['a>b', 'a>c', 'c>d']);
    const first = layOut(full);
    const without = layOut(graphOf(['a>b']), first);
    expect([...without.departed.ids]).toEqual(['c', 'd']);
    const back = layOut(full, without);
    expect(placesOf(back)).toEqual(placesOf(first));
    expect(back.departed.ids).toEqual([]);

    const taken = layOut(graphOf(['a>b', 'a>x', 'a>y', 'a>z']), without);
    expect(overlaps(layOut(graphOf(['a>b', 'a>x', 'a>y', 'a>z', 'a>c', 'c>d']), taken))).toEqual([]);
  });

  test('survives a reading in which everything is missing', () => {
    const full = graphOf(['a>b', 'b>c', 'x', 'y']);
    const first = layOut(full);
    expect(placesOf(layOut(full, layOut(graphOf([]), first)))).toEqual(placesOf(first));
  });

  test('remembers no more than a thousand of those that left, the latest first', () => {
    const crowd = Array.from({ length: 1_500 }, (_, i) => `n${i}`);
    const left = layOut(graphOf(['last']), layOut(graphOf(['last', 'a>b']), layOut(graphOf(['last', ...crowd]))));
    expect(left.departed.ids).toHaveLength(1_000);
    expect(left.departed.ids.slice(0, 2)).toEqual(['a', 'b']);
  });

  test('puts a new part beside the others, and new nodes without edges into their rows', () => {
    const before = layOut(graphOf(['a>b', 'b>c', 'lonely']));
    const after = layOut(graphOf(['a>b', 'b>c', 'lonely', 'p>q', 'other']), before);
    expect(at(after, 'p').y).toBe(at(after, 'a').y);
    expect(at(after, 'p').x).toBeGreaterThanOrEqual(Math.max(...before.x) + COLUMN);
    expect(at(after, 'other').y).toBe(at(after, 'lonely').y);
  });

  test('does not drift away: parts that come and go use the same room', () => {
    const before = layOut(graphOf(['a>b']));
    let layout = before;
    for (let k = 0; k < 50; k += 1) layout = layOut(graphOf(['a>b', `p${k}>q${k}`, `lonely-${k}`]), layout);
    const once = layOut(graphOf(['a>b', 'p>q', 'lonely']), before);
    expect([Math.max(...layout.x), Math.max(...layout.y)]).toEqual([Math.max(...once.x), Math.max(...once.y)]);
  });
});
