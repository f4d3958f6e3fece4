import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import {
  apply,
  IncidentResponse,
  IncidentsResponse,
  RootCauseResponse,
  type ChangeEvent,
  type Incident,
  type Snapshot,
  type SnapshotDelta,
} from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { SETTLED_MS } from '../../src/engine/incidents/incident-book.ts';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { createSqliteHistory } from '../../src/history/sqlite-history.ts';
import type { IncidentRead } from '../../src/publisher/feed.ts';
import { alert, graph, START_MS } from './diagnoses.ts';
import { bench, type Bench, type Finding } from './stub-parts.ts';

const FAILED = [2, 10] as const;
const iso = (offsetS: number): string => new Date(START_MS + offsetS * 1000).toISOString();
const json = (bytes: Uint8Array | undefined): unknown =>
  bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString());
const slow = (id: string) => alert(`${id}-slow`, id, { detected_at: iso(5) });
/** A fault from the second tick for a minute, then calm. */
const FAULT: Finding = { alerts: [slow('b'), slow('c')], health: { c: FAILED, a: FAILED } };
const fault = (): Finding[] => [{}, ...Array.from({ length: 12 }, () => FAULT), {}];
const TICKS_MS = 5_000;

const read = async ({ feed }: Bench, request: IncidentRead): Promise<unknown> => json(await feed.read(request));
const listed = async (rig: Bench, query = {}): Promise<Incident[]> => {
  const answer = await read(rig, { read: 'incidents', query });
  expect(validator(IncidentsResponse)(answer)).toMatchObject({ ok: true });
  return answer as Incident[];
};

describe('incidents from tick to reader', () => {
  test('EXT-11, EXT-12, INC-7 open in the state, are told once after the other events, and stay readable', async () => {
    const rig = bench({ findings: fault(), config: { resumeWindowS: 600 } });
    rig.feed.listen(() => undefined);
    const state = async (): Promise<{ seq: number; data: Snapshot }> => {
      const { text } = await rig.feed.render({ form: 'full', view: { kind: 'all' }, deflate: false });
      return json(text) as { seq: number; data: Snapshot };
    };
    await rig.clock.advance(0);
    const before = await state();
    expect(before.data.incidents).toEqual([]);
    await rig.clock.advance(2 * TICKS_MS);
    const open = await state();
    expect(open.data.incidents).toMatchObject([{ state: 'open', severity: 'critical', entry_points: ['a'] }]);
    const delta = await rig.feed.render({ form: 'delta', view: { kind: 'all' }, fromSeq: before.seq, deflate: false });
    const { data } = json(delta.text) as { data: SnapshotDelta };
    expect(apply(before.data, data)).toEqual(open.data);
    const [incident] = open.data.incidents as Incident[];
    expect(await listed(rig, { state: 'open' })).toEqual([incident]);

    await rig.clock.advance(60_000 + SETTLED_MS + 2 * TICKS_MS);
    expect((await state()).data.incidents).toEqual([]);
    const { messages } = await rig.feed.renderEvents({ kind: 'all' }, 0);
    const ofIncidents = messages.filter(({ isIncident }) => isIncident);
    expect(ofIncidents.every(({ original }) => original === undefined)).toBe(true);
    const types = ofIncidents.map(({ extended }) => (json(extended) as { type: string }).type);
    expect([types[0], types.at(-1)]).toEqual(['incident_opened', 'incident_resolved']);
    expect(types.slice(1, -1).every((type) => type === 'incident_updated')).toBe(true);

    const one = await read(rig, { read: 'incident', incidentId: incident.incident_id });
    expect(validator(IncidentResponse)(one)).toMatchObject({ ok: true });
    expect((one as IncidentResponse).events.map(({ type }) => type)).toEqual(types);
    expect((one as IncidentResponse).incident).toMatchObject({ state: 'resolved', resolved_at: iso(65) });
    expect(await read(rig, { read: 'incident', incidentId: 'none' })).toBeUndefined();
    expect(await listed(rig, { state: 'open' })).toEqual([]);
  });

  test('EXT-11 a view has the incidents that a resource of it is part of', async () => {
    const rig = bench({ topology: graph('a>b', 'x>y'), findings: [{ health: { b: FAILED } }] });
    rig.feed.listen(() => undefined);
    await rig.clock.advance(TICKS_MS);
    const incidentsOf = async (id: string): Promise<unknown> => {
      const view = { kind: 'resources', resourceIds: [id], depth: 0 } as const;
      const { text } = await rig.feed.render({ form: 'full', view, deflate: false });
      const { messages } = await rig.feed.renderEvents(view, 0);
      return [(json(text) as { data: Snapshot }).data.incidents?.length, messages.length > 0];
    };
    expect([await incidentsOf('b'), await incidentsOf('y')]).toEqual([
      [1, true],
      [0, false],
    ]);
  });

  const folder = mkdtempSync(join(tmpdir(), 'topdeck-incidents-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  test.each([
    ['memory', createMemoryHistory],
    ['SQLite', () => createSqliteHistory(join(folder, 'history.sqlite'))],
  ])('INC-2, INC-7 an incident goes on over a restart, by %s, and ends if it ended meanwhile', async (_, create) => {
    const history = create();
    const first = bench({ findings: [FAULT], history });
    first.feed.listen(() => undefined);
    await first.clock.advance(4 * TICKS_MS);
    const [before] = await listed(first);
    const second = bench({ findings: [FAULT, FAULT, {}], history });
    await second.clock.advance(6 * TICKS_MS);
    second.feed.listen(() => undefined);
    await second.clock.advance(TICKS_MS);
    expect(await listed(second)).toMatchObject([{ incident_id: before.incident_id, state: 'open' }]);
    await second.clock.advance(SETTLED_MS + 4 * TICKS_MS);
    expect(await listed(second)).toMatchObject([{ incident_id: before.incident_id, state: 'resolved' }]);
    const { events } = (await read(second, { read: 'incident', incidentId: before.incident_id })) as IncidentResponse;
    expect(events.filter(({ type }) => type === 'incident_opened')).toHaveLength(1);
    history.close();
  });

  test('INC-8 a root cause tells of now, and of the incidents of the hours asked for', async () => {
    const rig = bench({ findings: fault() });
    rig.feed.listen(() => undefined);
    await rig.clock.advance(4 * TICKS_MS);
    const rootCause = (resourceId: string, lookbackHours: number): Promise<unknown> =>
      read(rig, { read: 'root-cause', resourceId, lookbackHours });
    const now = await rootCause('b', 1);
    expect(validator(RootCauseResponse)(now)).toMatchObject({ ok: true });
    expect(now).toMatchObject({ resource_id: 'b', lookback_hours: 1, incidents: [{ state: 'open' }] });
    expect(await rootCause('none', 1)).toBeUndefined();
    await rig.clock.advance(2 * 3_600_000);
    expect(await rootCause('b', 1)).toMatchObject({ incidents: [] });
    expect(await rootCause('b', 24)).toMatchObject({ incidents: [{ state: 'resolved' }] });
  });
});

describe('INC-6 changes', () => {
  test('are kept with the time they came, and are found by resource, also by its labels', async () => {
    const rig = bench();
    rig.feed.listen(() => undefined);
    await rig.clock.advance(TICKS_MS);
    const one = await rig.feed.reportChange({ kind: 'deploy', title: 'v2', resource_id: 'b' });
    expect(one).toMatchObject({ at: iso(5), change_id: 1 });
    const all = await rig.feed.reportChange({ kind: 'flag', title: 'dark', labels: { team: 'x' }, at: iso(1) });
    await rig.feed.reportChange({ kind: 'flag', title: 'no', labels: { team: 'y' }, at: iso(1) });
    const changes = (query: object): Promise<unknown> => read(rig, { read: 'changes', query });
    expect(await changes({ resource_id: 'b' })).toEqual([one, all]);
    expect(await changes({ resource_id: 'a' })).toEqual([all]);
    expect(await changes({ until: iso(5), limit: 1 })).toMatchObject([{ title: 'no' }]);
    expect(await changes({ resource_id: 'gone' })).toEqual([]);
  });

  test('without whom they concern, or of another time, are INVALID_REQUEST', async () => {
    const { feed } = bench();
    const change = { kind: 'deploy', title: 'v2' } as const;
    const wrong = [
      change,
      { ...change, labels: {} },
      { ...change, resource_id: 'a', at: iso(301) },
      { ...change, resource_id: 'a', at: iso(-8 * 86_400) },
    ];
    for (const request of wrong) {
      await expect(feed.reportChange(request)).rejects.toMatchObject({ code: 'INVALID_REQUEST', status: 400 });
    }
  });
});

test('INC-4 a change that was told before a restart is with the incident after it', async () => {
  const history = createMemoryHistory();
  const kept: ChangeEvent = history.keepChange({ at: iso(-60), kind: 'deploy', title: 'v2', resource_id: 'c' });
  const rig = bench({ findings: [FAULT], history });
  rig.feed.listen(() => undefined);
  await rig.clock.advance(TICKS_MS);
  const [incident] = await listed(rig);
  const isSuspected = incident.suspects.some(({ resource_id }) => resource_id === 'c' || resource_id === 'b');
  expect(incident.changes).toEqual(isSuspected ? [kept] : []);
});
