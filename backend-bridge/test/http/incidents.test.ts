import { describe, expect, test } from '@jest/globals';
import type { ErrorResponse } from '@topdeck/protocol';
import { closeAfterEach, startHttp } from './start-http.ts';

const API = '/api/v1/live-diagnostics';
closeAfterEach();

const post = (payload: object) => ({ method: 'POST', url: `${API}/changes`, payload }) as const;
const CHANGE = { kind: 'deploy', title: 'v2', resource_id: 'orders/eu 1' } as const;

describe('INC-6 changes over HTTP', () => {
  test('goes to the feed as it was sent, and comes back as it is kept', async () => {
    const { app, feed } = await startHttp();
    const full = { ...CHANGE, labels: { team: 'x' }, at: '2026-01-01T00:00:00Z', link: 'https://ci/1' };
    const answer = await app.inject(post(full));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ change_id: 1, ...full });
    expect(feed.changes).toEqual([full]);
    await app.inject(`${API}/changes?since=2026-01-01T00:00:00Z&resource_id=a&limit=5`);
    const query = { since: '2026-01-01T00:00:00Z', resource_id: 'a', limit: 5 };
    expect(feed.reads.at(-1)).toEqual({ read: 'changes', query });
  });

  test('what is not a change is refused, with the fields named (REST-9)', async () => {
    const { app, feed } = await startHttp();
    const wrong: [object, string][] = [
      [{ ...CHANGE, kind: 'party' }, 'kind'],
      [{ ...CHANGE, title: '' }, 'title'],
      [{ ...CHANGE, link: 'javascript:alert(1)' }, 'link'],
      [{ ...CHANGE, at: 'yesterday' }, 'at'],
      [{ ...CHANGE, labels: { team: ['x'] } }, 'labels'],
    ];
    for (const [payload, field] of wrong) {
      const answer = await app.inject(post(payload));
      expect([field, answer.statusCode]).toEqual([field, 400]);
      const { code, message } = answer.json<ErrorResponse>();
      expect([code, message.includes(field)]).toEqual(['INVALID_REQUEST', true]);
    }
    expect(feed.changes).toEqual([]);
  });

  test('more than 120 a minute are refused', async () => {
    const { app, feed } = await startHttp({ HTTP_RATE_PER_ADDRESS: 1_000 });
    for (let k = 0; k < 120; k += 1) expect((await app.inject(post(CHANGE))).statusCode).toBe(200);
    const refused = await app.inject(post(CHANGE));
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(feed.changes).toHaveLength(120);
  });
});

describe('INC-7 INC-8 reads over HTTP', () => {
  test('ask the feed for what the query says', async () => {
    const { app, feed } = await startHttp();
    await app.inject(`${API}/incidents?state=open&severity=high&limit=3&resource_id=a`);
    await app.inject(`${API}/incidents/abc`);
    await app.inject(`${API}/services/${encodeURIComponent('orders/eu 1')}/root-cause?lookback_hours=24`);
    await app.inject(`${API}/services/a/root-cause`);
    expect(feed.reads).toEqual([
      { read: 'incidents', query: { state: 'open', severity: 'high', limit: 3, resource_id: 'a' } },
      { read: 'incident', incidentId: 'abc' },
      { read: 'root-cause', resourceId: 'orders/eu 1', lookbackHours: 24 },
      { read: 'root-cause', resourceId: 'a', lookbackHours: 1 },
    ]);
  });

  test('what there is not is NOT_FOUND, and what cannot be meant INVALID_REQUEST', async () => {
    const { app } = await startHttp();
    const codeOf = async (path: string): Promise<unknown> => {
      const answer = await app.inject(`${API}/${path}`);
      return [answer.statusCode, answer.json<ErrorResponse>().code];
    };
    expect(await codeOf('incidents/none')).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf('services/none/root-cause')).toEqual([404, 'NOT_FOUND']);
    for (const path of ['incidents?state=closed', 'services/a/root-cause?lookback_hours=25', 'incidents?limit=0']) {
      expect([path, await codeOf(path)]).toEqual([path, [400, 'INVALID_REQUEST']]);
    }
  });
});
