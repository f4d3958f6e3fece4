import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EventsResponse, type EventsQuery } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import type { HistoryStore } from '../../src/history/history-store.ts';
import { anomalyResolved, healthChange, START_MS, trafficAnomaly } from './events.ts';

const isEventsResponse = validator(EventsResponse);
const at = (offsetS: number): number => START_MS + offsetS * 1000;
const iso = (offsetS: number): string => new Date(at(offsetS)).toISOString();

/** What history-store.ts promises, for any adapter. */
export function historyStoreContract(name: string, create: () => HistoryStore): void {
  describe(`${name} keeps the contract of a history store`, () => {
    let store: HistoryStore;
    beforeEach(() => {
      store = create();
    });
    afterEach(() => store.close());
    const resources = (query: EventsQuery): string[] => store.query(query).map((event) => event.resource_id);

    test('REST-7 what was appended comes back whole, newest first', () => {
      const events = [healthChange('a', at(1)), trafficAnomaly('b', 'c', at(2)), anomalyResolved('d', 'e', at(2))];
      store.append(events.slice(0, 1));
      store.append(events.slice(1));
      const answer = store.query({});
      expect(isEventsResponse(answer)).toMatchObject({ ok: true });
      expect(answer.map(({ type, timestamp, data }) => ({ type, atMs: Date.parse(timestamp), data }))).toEqual(
        [...events].reverse(),
      );
      expect(answer.map((event) => event.resource_id)).toEqual(['d', 'b', 'a']);
      const ids = answer.map((event) => event.id);
      expect([...ids].sort((a, b) => b - a)).toEqual(ids);
    });

    test('REST-11 the places kept last come back as they were, and nothing of those before', () => {
      expect(store.places()).toEqual([]);
      const place = (resourceId: string, x: number, hasLeft = false) => ({ resourceId, x, y: -160, hasLeft });
      store.keepPlaces([place('a', 0), place('b', 140)]);
      const next = [place('b', 140), place('a', -0.5), place('ä/1', 280), place('gone', 0, true)];
      store.keepPlaces(next);
      expect(store.places()).toEqual(next);
      store.prune(at(1e6));
      expect(store.places()).toEqual(next);
    });

    test('an empty store and an empty append are no trouble', () => {
      store.append([]);
      expect(store.query({})).toEqual([]);
      expect(store.prune(at(1e6))).toBe(0);
    });

    test('REST-7 since is inclusive, until exclusive', () => {
      store.append([1, 2, 3, 4].map((second) => healthChange(`s${second}`, at(second))));
      expect(resources({ since: iso(2) })).toEqual(['s4', 's3', 's2']);
      expect(resources({ until: iso(3) })).toEqual(['s2', 's1']);
      expect(resources({ since: iso(2), until: iso(4) })).toEqual(['s3', 's2']);
      expect(resources({ since: '2026-01-01T01:00:03+01:00' })).toEqual(['s4', 's3']);
      expect(resources({ since: iso(9) })).toEqual([]);
    });

    test('REST-7 an event about an edge is found by both its ends, once', () => {
      store.append([
        trafficAnomaly('web', 'db', at(1)),
        anomalyResolved('api', 'db', at(2)),
        healthChange('db', at(3)),
      ]);
      expect(resources({ resource_id: 'db' })).toEqual(['db', 'api', 'web']);
      expect(resources({ resource_id: 'web' })).toEqual(['web']);
      expect(resources({ resource_id: 'd' })).toEqual([]);
      expect(resources({ resource_id: "' OR 1=1 --" })).toEqual([]);
    });

    test('REST-7 filters combine, and the limit counts what is left', () => {
      for (let second = 0; second < 20; second++) {
        store.append([
          healthChange('a', at(second)),
          trafficAnomaly('a', 'b', at(second)),
          healthChange('b', at(second)),
        ]);
      }
      const query: EventsQuery = { type: 'traffic_anomaly', resource_id: 'b', since: iso(5), until: iso(15), limit: 4 };
      expect(store.query(query).map((event) => event.timestamp)).toEqual([iso(14), iso(13), iso(12), iso(11)]);
      expect(store.query({ ...query, limit: 1000 })).toHaveLength(10);
      expect(store.query({ ...query, type: 'anomaly_detected' })).toEqual([]);
    });

    test('REST-7 the limit is 100 when none is given', () => {
      store.append(Array.from({ length: 150 }, (_, index) => healthChange(`s${index}`, at(index))));
      expect(store.query({})).toHaveLength(100);
      expect(store.query({ limit: 1000 })).toHaveLength(150);
    });

    test('REST-7 before_id pages through events of one moment without a gap or a repeat', () => {
      const names = Array.from({ length: 25 }, (_, index) => `s${index}`);
      store.append(names.map((name, index) => healthChange(name, at(index < 20 ? 7 : 8))));
      const pages: string[][] = [];
      for (let last: number | undefined; ;) {
        const page = store.query({ limit: 10, ...(last !== undefined && { before_id: last }) });
        if (page.length === 0) break;
        pages.push(page.map((event) => event.resource_id));
        last = page.at(-1)?.id;
      }
      expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
      expect(pages.flat()).toEqual([...names].reverse());
      expect(resources({ before_id: 999 })).toEqual([]);
    });

    test('a clock that stepped back does not disturb the order by time', () => {
      store.append([healthChange('first', at(10))]);
      store.append([healthChange('stepped-back', at(4)), trafficAnomaly('x', 'y', at(4))]);
      store.append([healthChange('later', at(11))]);
      expect(resources({})).toEqual(['later', 'first', 'x', 'stepped-back']);
      expect(resources({ until: iso(5) })).toEqual(['x', 'stepped-back']);
    });

    test('prune drops what is older, tells how much, and ids are not used again', () => {
      store.append([1, 2, 3].map((second) => healthChange(`s${second}`, at(second))));
      const lastId = store.query({})[0]?.id;
      expect(store.prune(at(2))).toBe(1);
      expect(resources({})).toEqual(['s3', 's2']);
      expect(store.prune(at(100))).toBe(2);
      store.append([healthChange('next', at(200))]);
      expect(store.query({})[0]?.id).toBeGreaterThan(lastId);
    });
  });
}
