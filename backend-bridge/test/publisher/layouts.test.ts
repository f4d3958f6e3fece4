import { describe, expect, test } from '@jest/globals';
import { LayoutResponse } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { layOut } from '../../src/layout/continued-layout.ts';
import type { Layout } from '../../src/layout/layout.ts';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { Layouts, type LayOut, type LayoutsOptions } from '../../src/publisher/layouts.ts';
import { captureLog } from '../capture-log.ts';
import { graph } from './diagnoses.ts';
import { bench } from './stub-parts.ts';

const isLayoutResponse = validator(LayoutResponse);
const parse = (bytes: Uint8Array | undefined) => JSON.parse(Buffer.from(bytes!).toString()) as LayoutResponse;
const placesIn = ({ positions }: LayoutResponse) => new Map(positions.map(([id, x, y]) => [id, `${x} ${y}`]));

/** Computations that a test ends one by one. */
function slowLayouts() {
  const waiting: { readonly graph: string; readonly end: (fault?: Error) => void }[] = [];
  const slowly: LayOut = (asked, previous) =>
    new Promise<Layout>((resolve, reject) => {
      const end = (fault?: Error): void => (fault === undefined ? resolve(layOut(asked, previous)) : reject(fault));
      waiting.push({ graph: asked.ids.join(), end });
    });
  const layouts = new Layouts({ layOut: slowly, history: createMemoryHistory(), log: captureLog().log });
  return { layouts, waiting };
}
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('layouts by version of the topology', () => {
  test('REST-11 who asks while it is computed, or later, gets the same answer of one computation', async () => {
    const { layouts, waiting } = slowLayouts();
    const topology = graph('a>b', 'b>c');
    const asked = [layouts.read(topology), layouts.read(topology)];
    expect(waiting.map((work) => work.graph)).toEqual(['a,b,c']);
    waiting[0].end();
    const [first, second] = await Promise.all(asked);
    expect(second).toBe(first);
    expect(await layouts.read(topology)).toBe(first);
    expect(waiting).toHaveLength(1);
    const answer = parse(first);
    expect(isLayoutResponse(answer)).toMatchObject({ ok: true });
    expect(answer.topology_version).toBe(topology.version);
    expect(answer.positions.map(([id]) => id)).toEqual(['a', 'b', 'c']);
  });

  test('REST-11 the layout of the next version waits for that of the one before and keeps its places', async () => {
    const { layouts, waiting } = slowLayouts();
    const first = layouts.read(graph('a>b'));
    const second = layouts.read(graph('a>b', 'a>aa'));
    await settled();
    expect(waiting).toHaveLength(1);
    waiting[0].end();
    const before = placesIn(parse(await first));
    await settled();
    waiting[1].end();
    const after = placesIn(parse(await second));
    expect([after.get('a'), after.get('b')]).toEqual([before.get('a'), before.get('b')]);
    expect(after.has('aa')).toBe(true);
  });

  test('a computation that failed is tried again, from the last layout that there is', async () => {
    const { layouts, waiting } = slowLayouts();
    const first = layouts.read(graph('a>b'));
    waiting[0].end();
    const before = placesIn(parse(await first));
    const failed = layouts.read(graph('a>b', 'c'));
    await settled();
    waiting[1].end(new Error('out of memory'));
    await expect(failed).rejects.toThrow('out of memory');
    await settled();
    const again = layouts.read(graph('a>b', 'c'));
    await settled();
    waiting[2].end();
    const after = placesIn(parse(await again));
    expect([after.get('a'), after.get('b')]).toEqual([before.get('a'), before.get('b')]);
  });
});

describe('layouts over restarts', () => {
  const start = (history: LayoutsOptions['history']) => {
    const { log, events } = captureLog();
    const inPlace: LayOut = async (asked, previous) => layOut(asked, previous);
    return { layouts: new Layouts({ layOut: inPlace, history, log }), events };
  };

  test('REST-11 places that came about one by one are there again, also those of who left', async () => {
    const history = createMemoryHistory();
    const before = start(history).layouts;
    await before.read(graph('a>b', 'a>c'));
    const last = placesIn(parse(await before.read(graph('a>aa', 'aa>b', 'a>c'))));
    await before.read(graph('aa>b', 'a>c'));
    await before.read(graph('a>c', 'a>b'));

    const after = placesIn(parse(await start(history).layouts.read(graph('a>aa', 'aa>b', 'a>c'))));
    expect(after).toEqual(last);
    expect(after).not.toEqual(
      placesIn(parse(await start(createMemoryHistory()).layouts.read(graph('a>aa', 'aa>b', 'a>c')))),
    );
  });

  test('is written only when somebody joined or left', async () => {
    const history = createMemoryHistory();
    let writes = 0;
    const { layouts } = start({ ...history, keepPlaces: (places) => (writes++, history.keepPlaces(places)) });
    await layouts.read(graph('a>b', 'b>c'));
    await layouts.read(graph('a>b', 'b>c', 'a>c'));
    expect(writes).toBe(1);
    await layouts.read(graph('a>b'));
    expect(writes).toBe(2);
  });

  test('a history that fails is logged, and the layout is there all the same', async () => {
    const fail = (): never => {
      throw new Error('disk full');
    };
    const { layouts, events } = start({ places: fail, keepPlaces: fail });
    expect(parse(await layouts.read(graph('a>b'))).positions).toHaveLength(2);
    expect(events().map(({ event }) => event)).toEqual(['layout.recall_failed', 'layout.keep_failed']);
  });
});

describe('a publisher', () => {
  test('REST-11 gives the layout of the topology that its snapshot names, and wakes for it', async () => {
    const { feed, clock, topology } = bench({ topology: graph('a>b', 'b>c') });
    const asked = feed.read({ read: 'layout' });
    await clock.advance(0);
    const first = parse(await asked);
    expect(first.topology_version).toBe(topology.topology!.version);
    topology.topology = graph('a>b', 'b>c', 'a>d');
    await clock.advance(5_000);
    const second = parse(await feed.read({ read: 'layout' }));
    const snapshot = JSON.parse(Buffer.from((await feed.read({ read: 'snapshot' }))!).toString());
    expect(second.topology_version).toBe(snapshot.freshness.topology_version);
    expect(second.positions.slice(0, 3)).toEqual(first.positions);
    await feed.close();
  });

  test('REST-11 has no layout while no state can be had: NOT_READY', async () => {
    const { feed, clock, source } = bench();
    source.fault = new Error('down');
    const asked = feed.read({ read: 'layout' });
    const refused = expect(asked).rejects.toMatchObject({ code: 'NOT_READY' });
    await clock.advance(15_000);
    await refused;
    await feed.close();
  });
});
