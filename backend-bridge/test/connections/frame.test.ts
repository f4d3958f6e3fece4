import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeFrames } from '../../src/connections/frame.ts';
import { listOf, parseTarget, servableExtensions } from '../../src/connections/handshake.ts';

interface Decoded {
  readonly payload: Buffer;
  readonly deflated: boolean;
}

/** Reads frames as RFC 6455, 5.2 writes them down, independent of the encoder. */
function decode(wire: Buffer): Decoded[] {
  const frames: Decoded[] = [];
  for (let at = 0; at < wire.length;) {
    const first = wire.readUInt8(at);
    expect(first & 0b1011_1111).toBe(0x81);
    const short = wire.readUInt8(at + 1);
    expect(short).toBeLessThan(128);
    const length =
      short < 126 ? short : short === 126 ? wire.readUInt16BE(at + 2) : Number(wire.readBigUInt64BE(at + 2));
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    frames.push({ payload: wire.subarray(start, start + length), deflated: (first & 0x40) !== 0 });
    at = start + length;
  }
  return frames;
}

describe('frames', () => {
  test.each([0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000])('a payload of %i bytes comes back', (length) => {
    const payload = Buffer.alloc(length, 'x');
    const [frame, ...more] = decode(encodeFrames([{ payload, deflated: false }]));
    expect(more).toEqual([]);
    expect(frame?.deflated).toBe(false);
    expect(frame?.payload.equals(payload)).toBe(true);
  });

  test('the shortest form of the length is used, as RFC 6455 demands', () => {
    const size = (length: number): number => encodeFrames([{ payload: Buffer.alloc(length), deflated: false }]).length;
    expect([125, 126, 65_535, 65_536].map((length) => size(length) - length)).toEqual([2, 4, 4, 10]);
  });

  test('any messages back to back come back in order with their compression', () => {
    const part = fc.record({ payload: fc.uint8Array({ maxLength: 300 }), deflated: fc.boolean() });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const decoded = decode(encodeFrames(parts));
        expect(decoded.map(({ payload, deflated }) => ({ payload: [...payload], deflated }))).toEqual(
          parts.map(({ payload, deflated }) => ({ payload: [...payload], deflated })),
        );
      }),
    );
  });
});

describe('handshake', () => {
  const WS = '/api/v1/ws/live-diagnostics';

  test('CONN-1 defaults and values', () => {
    expect(parseTarget(WS)).toEqual({ ok: true, query: { update_interval: 10, delta: '0', incidents: '0' } });
    expect(parseTarget(`${WS}?update_interval=60&delta=1`)).toEqual({
      ok: true,
      query: { update_interval: 60, delta: '1', incidents: '0' },
    });
    expect(parseTarget(`${WS}?delta=1&incidents=1`)).toMatchObject({ ok: true, query: { incidents: '1' } });
    for (const alone of ['incidents=1', 'incidents=1&delta=0', 'incidents=yes&delta=1']) {
      expect(parseTarget(`${WS}?${alone}`)).toMatchObject({ ok: false, code: 'INVALID_REQUEST' });
    }
    expect(parseTarget(`${WS}?update_interval=1&theme=dark`)).toMatchObject({ query: { update_interval: 1 } });
  });

  test.each(['0', '61', '-1', '1.5', '1e1', '', 'ten', '%2B5', ' 5', '99999999999999999999'])(
    'CONN-1 update_interval=%s is refused',
    (value) => {
      expect(parseTarget(`${WS}?update_interval=${value}`)).toMatchObject({ ok: false, code: 'INVALID_REQUEST' });
    },
  );

  test.each(['2', '', 'true', '01'])('CONN-1 delta=%s is refused', (value) => {
    expect(parseTarget(`${WS}?delta=${value}`)).toMatchObject({ ok: false, code: 'INVALID_REQUEST' });
  });

  test.each(['/', `${WS}/`, `${WS}/health`, '//', 'http://[', '*', ''])('CONN-1 %s is no WebSocket', (url) => {
    expect(parseTarget(url)).toMatchObject({ ok: false, code: 'NOT_FOUND' });
  });

  test('LIM-9 an offer with a smaller window than shared messages are made with is declined, others stay', () => {
    expect(servableExtensions(undefined)).toBeUndefined();
    expect(servableExtensions('permessage-deflate; server_max_window_bits=10')).toBeUndefined();
    expect(
      servableExtensions('permessage-deflate; client_max_window_bits; server_max_window_bits="9"'),
    ).toBeUndefined();
    expect(servableExtensions('permessage-deflate; server_max_window_bits=15')).toBeDefined();
    expect(
      servableExtensions('permessage-deflate; server_max_window_bits=8, permessage-deflate; client_max_window_bits'),
    ).toBe('permessage-deflate; client_max_window_bits');
  });

  test('header lists', () => {
    expect(listOf(' topdeck.v1 ,bearer.x,, ')).toEqual(['topdeck.v1', 'bearer.x']);
    expect(listOf(undefined)).toEqual([]);
  });
});
