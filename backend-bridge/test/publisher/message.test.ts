import { constants, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventMessage, Message, MessageBody, messageHead } from '../../src/publisher/message.ts';
import { healthChange, START_MS } from './diagnoses.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
/** What a WebSocket client does: it puts back the empty block that the sender left out (RFC 7692, 7.2.2). */
const inflate = (deflated: Uint8Array): string =>
  inflateRawSync(Buffer.concat([deflated, Buffer.from([0, 0, 0xff, 0xff])]), {
    finishFlush: constants.Z_SYNC_FLUSH,
  }).toString();

const messageOf = (data: object, head = messageHead('snapshot_update', START_MS)): Message =>
  new Message({ form: 'original', seq: 7 }, head, new MessageBody(data));

describe('messages', () => {
  test('CONN-6 CONN-7 an original message has type, timestamp and data, and no more', () => {
    const { text: bytes, seq } = messageOf({ a: 1 }).rendered(false);
    expect(text(bytes)).toBe('{"type":"snapshot_update","timestamp":"2026-01-01T00:00:00.000Z","data":{"a":1}}');
    expect(seq).toBe(7);
  });

  test('EXT-1 EXT-3 an extended message tells where it stands', () => {
    const head = messageHead('snapshot_delta', START_MS, { epoch: 'e', seq: 7, baseSeq: 0 });
    expect(JSON.parse(text(messageOf({}, head).rendered(false).text))).toEqual({
      type: 'snapshot_delta',
      timestamp: '2026-01-01T00:00:00.000Z',
      epoch: 'e',
      seq: 7,
      base_seq: 0,
      data: {},
    });
  });

  test('LIM-9 compressed above 1 KiB only; what a client inflates is the text', () => {
    expect(messageOf({ a: 'x'.repeat(900) }).rendered(true).deflated).toBeUndefined();
    const long = messageOf({ a: 'x'.repeat(2_000) });
    const { text: bytes, deflated } = long.rendered(true);
    expect(deflated!.length).toBeLessThan(200);
    expect(inflate(deflated!)).toBe(text(bytes));
    expect(long.rendered(false).deflated).toBeUndefined();
  });

  test('LIM-9 head and body that were compressed apart inflate as one message, whatever they say', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 100 }), { minLength: 30 }),
        (type, words) => {
          const { text: bytes, deflated } = messageOf({ words }, messageHead(type, START_MS)).rendered(true);
          if (bytes.length > 1024) expect(inflate(deflated!)).toBe(text(bytes));
          expect(JSON.parse(text(bytes))).toMatchObject({ type, data: { words } });
        },
      ),
    );
  });

  test('a body is written and compressed once, whatever head goes before it', () => {
    const body = new MessageBody({ a: 'y'.repeat(5_000) });
    const { deflated } = body;
    new Message({ form: 'original', seq: 1 }, messageHead('x', 0), body).rendered(true);
    expect(body.deflated).toBe(deflated);
    expect(JSON.parse(text(body.data))).toEqual({ a: 'y'.repeat(5_000) });
  });

  test('EVT-1 an event tells the time of the values that caused it', () => {
    expect(JSON.parse(text(eventMessage(healthChange('a', START_MS + 5_000), { epoch: 'e', seq: 3 })))).toMatchObject({
      type: 'health_change',
      timestamp: '2026-01-01T00:00:05.000Z',
      epoch: 'e',
      seq: 3,
      data: { resource_id: 'a' },
    });
  });
});
