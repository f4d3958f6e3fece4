import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  HistoryIncidentEvent,
  type ChangeEvent,
  type Incident,
  type IncidentEvent,
  type IncidentsQuery,
} from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import type { HistoryStore } from '../../src/history/history-store.ts';
import { healthChange, START_MS } from './events.ts';

const iso = (offsetS: number): string => new Date(START_MS + offsetS * 1000).toISOString();
const checkEvent = validator(HistoryIncidentEvent);
const ALL = { sinceMs: -Infinity, untilMs: Infinity, limit: 100 };

export const incidentOf = (id: string, openedS: number, over: Partial<Incident> = {}): Incident => ({
  incident_id: id,
  state: 'open',
  severity: 'high',
  opened_at: iso(openedS),
  updated_at: iso(openedS),
  title: `${id} is slow ☃`,
  text: `Since 00:00 UTC “${id}” is slow.`,
  suspects: [],
  impacted: [],
  entry_points: [],
  resource_ids: [id, 'shared'],
  alert_ids: [`alert-${id}`],
  blast_radius: { services: 2, entry_points: 0, request_share: null },
  changes: [],
  reopened: 0,
  merged_ids: [],
  ...over,
});

export const told = (type: IncidentEvent['type'], atS: number, data: Incident): IncidentEvent => ({
  type,
  atMs: START_MS + atS * 1000,
  data,
});

/** What incident-store.ts promises, for any adapter. */
export function incidentStoreContract(name: string, create: () => HistoryStore): void {
  describe(`${name} keeps the contract of a store of incidents`, () => {
    let store: HistoryStore;
    beforeEach(() => {
      store = create();
    });
    afterEach(() => store.close());
    const ids = (query: IncidentsQuery = {}): string[] => store.incidents(query).map(({ incident_id }) => incident_id);

    test('INC-7 an incident is as its last event tells, and its events stay in order', () => {
      const opened = incidentOf('a', 1);
      const grown = incidentOf('a', 1, { severity: 'critical', resource_ids: ['a', 'shared', 'more'] });
      const over = { ...grown, state: 'resolved', resolved_at: iso(60) } as const;
      store.append([told('incident_opened', 1, opened), healthChange('a')]);
      store.append([told('incident_updated', 30, grown), told('incident_resolved', 180, over)]);
      expect(store.incident('a')).toEqual(over);
      const events = store.incidentEvents('a');
      expect(events.map(({ type, timestamp, data }) => [type, timestamp, data])).toEqual([
        ['incident_opened', iso(1), opened],
        ['incident_updated', iso(30), grown],
        ['incident_resolved', iso(180), over],
      ]);
      for (const event of events) expect(checkEvent(event)).toMatchObject({ ok: true });
      expect(store.query({}).map(({ type }) => type)).toEqual(['health_change']);
      expect([store.incident('none'), store.incidentEvents('none')]).toEqual([undefined, []]);
    });

    test('INC-7 incidents come newest first, by every filter and to the limit', () => {
      const over = { state: 'resolved', resolved_at: iso(50) } as const;
      store.append([
        told('incident_resolved', 60, incidentOf('a', 1, over)),
        told('incident_opened', 10, incidentOf('c', 10, { severity: 'low' })),
        told('incident_opened', 10, incidentOf('b', 10)),
        told('incident_opened', 99, incidentOf('d', 99)),
      ]);
      expect(ids()).toEqual(['d', 'c', 'b', 'a']);
      expect(ids({ limit: 2 })).toEqual(['d', 'c']);
      expect(ids({ state: 'open' })).toEqual(['d', 'c', 'b']);
      expect(ids({ state: 'resolved' })).toEqual(['a']);
      expect(ids({ severity: 'low' })).toEqual(['c']);
      expect(ids({ since: iso(50) })).toEqual(['d', 'c', 'b', 'a']);
      expect(ids({ since: iso(51) })).toEqual(['d', 'c', 'b']);
      expect(ids({ until: iso(10) })).toEqual(['a']);
      expect(ids({ resource_id: 'b' })).toEqual(['b']);
      expect(ids({ resource_id: 'shared', state: 'open', since: iso(20), until: iso(90) })).toEqual(['c', 'b']);
      expect(ids({ resource_id: "' OR 1=1 --" })).toEqual([]);
    });

    test('INC-6 changes come back as they were, newest first, with ids that ascend', () => {
      const change = (atS: number, over: Partial<ChangeEvent> = {}): ChangeEvent =>
        store.keepChange({ at: iso(atS), kind: 'deploy', title: 'v2 “☃”', resource_id: 'a', ...over });
      const first = change(10);
      const early = change(5, { labels: { team: 'x' }, link: 'https://ci/1' });
      const same = change(10, { kind: 'flag' });
      expect([first, early, same].map(({ change_id }) => change_id)).toEqual([1, 2, 3]);
      expect(store.changes(ALL)).toEqual([same, first, early]);
      expect(store.changes({ ...ALL, limit: 1 })).toEqual([same]);
      const range = { sinceMs: START_MS + 5_000, untilMs: START_MS + 10_000, limit: 9 };
      expect(store.changes(range)).toEqual([early]);
    });

    test('pruning drops what was over, and earlier changes, and never an open incident', () => {
      store.append([
        told('incident_opened', 1, incidentOf('open', 1)),
        told('incident_resolved', 9, incidentOf('old', 1, { state: 'resolved', resolved_at: iso(9) })),
        told('incident_resolved', 10, incidentOf('new', 1, { state: 'resolved', resolved_at: iso(10) })),
      ]);
      store.keepChange({ at: iso(9), kind: 'other', title: 'x', resource_id: 'a' });
      const kept = store.keepChange({ at: iso(10), kind: 'other', title: 'y', resource_id: 'a' });
      store.prune(START_MS + 10_000);
      expect(ids().sort()).toEqual(['new', 'open']);
      expect([store.incidentEvents('old'), ids({ resource_id: 'old' })]).toEqual([[], []]);
      expect(store.changes(ALL)).toEqual([kept]);
    });
  });
}
