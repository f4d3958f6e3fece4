import { describe, expect, test } from '@jest/globals';
import { LayoutResponse } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { BridgeError } from '../../src/errors.ts';
import { LAYOUT } from './rest-feed.ts';
import { closeAfterEach, startHttp } from './start-http.ts';

const URL_PATH = '/api/v1/live-diagnostics/layout';
closeAfterEach();

describe('the layout over HTTP', () => {
  test('REST-11 goes out as the feed gave it', async () => {
    const { app, feed } = await startHttp();
    const answer = await app.inject(URL_PATH);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.body).toBe(JSON.stringify(LAYOUT));
    expect(validator(LayoutResponse)(answer.json())).toMatchObject({ ok: true });
    expect(feed.reads).toEqual([{ read: 'layout' }]);
  });

  test('REST-11 is refused with NOT_READY while there is none', async () => {
    const { app, feed } = await startHttp();
    feed.fault = new BridgeError('NOT_READY');
    const answer = await app.inject(URL_PATH);
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'NOT_READY']);
  });
});
