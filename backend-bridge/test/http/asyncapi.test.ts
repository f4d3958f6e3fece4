import { describe, expect, test } from '@jest/globals';
import { CLIENT_MESSAGES, ConnectQuery, SERVER_MESSAGES, WS_PATH } from '@topdeck/protocol';
import { asyncApiDocument } from '../../src/http/asyncapi.ts';
import { faults, references, resolve } from './documents.ts';
import { SNAPSHOT, TIMESTAMP } from './rest-feed.ts';
import { closeAfterEach, startHttp } from './start-http.ts';

interface Operation {
  action: string;
  channel: { $ref: string };
  messages: { $ref: string }[];
  reply?: { channel: { $ref: string }; messages: { $ref: string }[] };
}

const document = asyncApiDocument('1.2.3');
const operations = document['operations'] as unknown as Record<string, Operation>;
const TYPES = [...Object.keys(SERVER_MESSAGES), ...Object.keys(CLIENT_MESSAGES)];
closeAfterEach();

describe('the AsyncAPI document', () => {
  test('is AsyncAPI 3.0 of one channel at the WebSocket’s path', () => {
    expect(document).toMatchObject({ asyncapi: '3.0.0', info: { title: 'Live Diagnostics', version: '1.2.3' } });
    const channels = document['channels'] as Record<string, { address: string; bindings: { ws: { query: object } } }>;
    expect(Object.values(channels).map((channel) => channel.address)).toEqual([WS_PATH]);
    expect(channels['liveDiagnostics'].bindings.ws.query).toEqual(JSON.parse(JSON.stringify(ConnectQuery)));
  });

  test('has no reference into the void', () => {
    const refs = references(document);
    expect(refs.length).toBeGreaterThan(30);
    expect(refs.filter(({ ref }) => resolve(document, ref) === undefined)).toEqual([]);
  });

  test('has every message of the protocol, sent or received by some operation', () => {
    expect(Object.keys(resolve(document, '#/components/messages') as object).sort()).toEqual([...TYPES].sort());
    const byAction = (action: string): string[] =>
      Object.values(operations)
        .filter((operation) => operation.action === action)
        .flatMap((operation) => operation.messages.map(({ $ref }) => $ref.split('/').at(-1) ?? ''))
        .sort();
    expect(byAction('send')).toEqual(Object.keys(SERVER_MESSAGES).sort());
    expect(byAction('receive')).toEqual(Object.keys(CLIENT_MESSAGES).sort());
  });

  test('operations name messages of their own channel, as AsyncAPI 3.0 demands', () => {
    for (const operation of Object.values(operations)) {
      const { channel, messages, reply } = operation;
      for (const { $ref } of [...messages, ...(reply?.messages ?? [])]) {
        expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true);
      }
      if (operation.action === 'receive') {
        expect(reply?.messages).toContainEqual({ $ref: `${channel.$ref}/messages/error` });
      }
    }
  });

  test.each([
    ['snapshot_update', { type: 'snapshot_update', timestamp: TIMESTAMP, data: SNAPSHOT }],
    ['pong', { type: 'pong', timestamp: TIMESTAMP, epoch: 'e', seq: 3 }],
    ['subscribe', { type: 'subscribe', resource_ids: ['web'], depth: 1 }],
  ])('a real %s fits its payload, a broken one does not', (type, message) => {
    const at = `#/components/messages/${type}/payload`;
    expect(faults(document, at, message)).toEqual([]);
    expect(faults(document, at, { ...message, type: 'other' })).not.toEqual([]);
  });

  test('is served beside the OpenAPI page, and is the same each time', async () => {
    const { app } = await startHttp();
    const served = await app.inject('/docs/asyncapi.json');
    expect(served.headers['content-type']).toMatch(/^application\/json/);
    const openApi = (await app.inject('/docs/json')).json<{ info: { version: string } }>();
    expect(served.json()).toEqual(asyncApiDocument(openApi.info.version));
    expect(JSON.stringify(asyncApiDocument('1'))).toBe(JSON.stringify(asyncApiDocument('1')));
  });
});
