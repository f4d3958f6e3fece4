import { describe, expect, test } from '@jest/globals';
import { layOut } from '../../src/layout/continued-layout.ts';
import { layOutInThread } from '../../src/pipeline/layout-thread.ts';
import { graphOf, placesOf } from '../layout/graphs.ts';

const star = (leaves: number): string[] => Array.from({ length: leaves }, (_, i) => `hub>leaf-${i}`);

describe('a layout in a thread of its own', () => {
  test('REST-11 is the one that would have come out in place, for a first layout and for one that continues', async () => {
    const first = graphOf(star(100));
    const before = await layOutInThread(first, undefined);
    expect(placesOf(before)).toEqual(placesOf(layOut(first)));
    const next = graphOf([...star(90), ...star(3).map((edge) => `${edge}-more`), 'other>hub']);
    const after = await layOutInThread(next, before);
    expect(after).toEqual(layOut(next, layOut(first)));
    expect(after.departed.ids).toHaveLength(10);
  });

  test('does not hold up the thread that asks', async () => {
    let turns = 0;
    const beat = setInterval(() => (turns += 1), 1);
    const layout = await layOutInThread(graphOf(star(5_000)), undefined);
    clearInterval(beat);
    expect(layout.ids).toHaveLength(5_001);
    expect(turns).toBeGreaterThan(5);
  });

  test('rejects when the thread fails', async () => {
    const broken = { ids: ['a'], edgeSource: new Uint32Array(100), edgeTarget: new Uint32Array(100).fill(7) };
    await expect(layOutInThread(broken, undefined)).rejects.toThrow();
  });
});
