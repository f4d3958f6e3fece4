import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  IncidentResponse,
  IncidentsResponse,
  REST_PREFIX,
  RootCauseResponse,
  WS_PATH,
  type Incident,
  type ServerMessage,
} from '@topdeck/protocol';
import { parseServerMessage, validator } from '@topdeck/protocol/validate';
import { WebSocket } from 'ws';
import { BridgeProcess } from '../fixtures/bridge-process.ts';

type Told = Extract<ServerMessage, { data: Incident }>;

/**
 * The demo's first fault: an external resource goes down 10 s after the start, for 30 s, and its callers suffer. Time runs
 * as it does for anybody, so the file takes some minutes.
 */
describe('the first fault of the embedded demo', () => {
  const received: ServerMessage[] = [];
  let bridge: BridgeProcess;
  let url: string;
  let socket: WebSocket;

  const told = (): Told[] => received.filter((message): message is Told => message.type.startsWith('incident_'));
  async function until<T>(what: string, found: () => T | undefined, timeoutMs: number): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const value = found();
      if (value !== undefined) return value;
      if (performance.now() > deadline)
        throw new Error(
          `no ${what}; told ${told()
            .map(({ type }) => type)
            .join()}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const get = async (path: string): Promise<unknown> => (await fetch(`${url}${REST_PREFIX}/${path}`)).json();

  beforeAll(async () => {
    bridge = new BridgeProcess({ COLLECT_INTERVAL_S: '1', BACKFILL_S: '3600' });
    url = await bridge.url();
    socket = new WebSocket(`${url.replace('http', 'ws')}${WS_PATH}?update_interval=1&delta=1&incidents=1`);
    socket.on('message', (data: Buffer) => {
      const parsed = parseServerMessage(data.toString());
      if (!parsed.ok) throw new Error(parsed.detail);
      received.push(parsed.value);
    });
  }, 30_000);

  afterAll(async () => {
    socket.terminate();
    await bridge.stop();
  });

  test('INC-1, INC-2, INC-8 is one incident, with the resource that went down as its cause', async () => {
    const { data: opened } = await until('incident', () => told()[0], 45_000);
    expect(opened).toMatchObject({ state: 'open' });
    const id = opened.incident_id;
    const known = await until(
      'cause',
      () => told().findLast(({ data }) => data.incident_id === id && data.cause !== undefined)?.data,
      20_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    const open = (await get('incidents?state=open')) as Incident[];
    expect(validator(IncidentsResponse)(open)).toMatchObject({ ok: true });
    expect(open.map(({ incident_id }) => incident_id)).toEqual([id]);
    expect([known.cause?.resource_id, open[0].cause?.resource_id]).toContain('carrier-api');
    expect(open[0].blast_radius.services).toBeGreaterThan(1);
    const cause = await get('services/carrier-api/root-cause');
    expect(validator(RootCauseResponse)(cause)).toMatchObject({ ok: true });
    expect(cause).toMatchObject({ incidents: [{ incident_id: id }] });
    const one = (await get(`incidents/${id}`)) as IncidentResponse;
    expect(validator(IncidentResponse)(one)).toMatchObject({ ok: true });
    expect(one.events.filter(({ type }) => type === 'incident_opened')).toHaveLength(1);
  }, 120_000);

  test('INC-2 is over when the fault is, whatever else fails next', async () => {
    const { incident_id: id } = told()[0].data;
    const over = await until('end', () => told().find(({ type }) => type === 'incident_resolved'), 150_000);
    expect(over.data).toMatchObject({ incident_id: id, state: 'resolved' });
    expect(Date.parse(over.data.resolved_at as string)).toBeLessThan(Date.parse(over.timestamp));
    const kept = (await get(`incidents/${id}`)) as IncidentResponse;
    expect(kept.incident).toEqual(over.data);
  }, 160_000);

  test('INC-6 a change is kept over HTTP and read back', async () => {
    const change = { kind: 'deploy', title: 'v2', resource_id: 'orders' };
    const answer = await fetch(`${url}${REST_PREFIX}/changes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
    expect(answer.status).toBe(200);
    const kept: unknown = await answer.json();
    expect(await get('changes?resource_id=orders')).toEqual([kept]);
  });
});
