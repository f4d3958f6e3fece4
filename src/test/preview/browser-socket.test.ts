import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BridgeFault, HttpAnswer, Request } from '@topdeck/backend-datasource/bridge';
import { createOpenSocket, isSendableToken } from '../../preview/browser-socket.ts';

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static last: FakeSocket;
  readonly sent: string[] = [];
  readyState = 0;
  readonly url: string;
  readonly protocols: readonly string[];
  constructor(url: string, protocols: readonly string[]) {
    super();
    this.url = url;
    this.protocols = protocols;
    FakeSocket.last = this;
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }
  gone(code: number): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason: '' }));
  }
}

const real = globalThis.WebSocket;
beforeEach(() => void Object.assign(globalThis, { WebSocket: FakeSocket }));
afterEach(() => void Object.assign(globalThis, { WebSocket: real }));

const refusal = (status: number, code: string): HttpAnswer => ({
  status,
  type: 'application/json',
  location: undefined,
  dateMs: undefined,
  body: new TextEncoder().encode(JSON.stringify({ code, message: 'no', action: 'do', detail: 'no' })),
});

function started(token: string | undefined, request: Request = async () => refusal(401, 'UNAUTHENTICATED')) {
  const faults: BridgeFault[] = [];
  const texts: string[] = [];
  const address = { base: 'https://bridge.example/sub', isSecure: true };
  const open = createOpenSocket({ address, token, intervalS: 2, request, lifetime: new AbortController().signal });
  const socket = open({
    opened: () => texts.push('opened'),
    message: (text) => texts.push(text),
    failed: (f) => faults.push(f),
  });
  return { socket, fake: FakeSocket.last, faults, texts };
}
const settle = (): Promise<void> => new Promise((later) => setTimeout(later, 0));

describe('the socket of a page', () => {
  test('SEC-1 hands the token over as a subprotocol', () => {
    const { fake } = started('a.b-c');
    expect(fake.url).toBe('wss://bridge.example/sub/api/v1/ws/live-diagnostics?delta=1&update_interval=2');
    expect(fake.protocols).toEqual(['topdeck.v1', 'bearer.a.b-c']);
    expect(started(undefined).fake.protocols).toEqual(['topdeck.v1']);
    expect(['abc', 'a.b_c-d~', 'eyJ.x.y'].every(isSendableToken)).toBe(true);
    expect(['', 'a b', 'a/b', 'a=', 'ü', 'a,b'].some(isSendableToken)).toBe(false);
  });

  test('passes on what comes, and nothing binary', () => {
    const { fake, texts, socket } = started(undefined);
    socket.send('too early');
    fake.open();
    fake.dispatchEvent(new MessageEvent('message', { data: '{}' }));
    fake.dispatchEvent(new MessageEvent('message', { data: new ArrayBuffer(3) }));
    socket.send('ping');
    expect([texts, fake.sent]).toEqual([['opened', '{}', ''], ['ping']]);
  });

  test('asks over REST why a handshake was refused, which a browser does not tell', async () => {
    const { fake, faults } = started('wrong');
    fake.gone(1006);
    await settle();
    expect(faults).toMatchObject([{ code: 'UNAUTHENTICATED', httpStatus: 401 }]);
  });

  test('that was open tells by its code why it ended', async () => {
    const { fake, faults } = started(undefined);
    fake.open();
    fake.gone(4004);
    await settle();
    expect(faults).toMatchObject([{ code: 'AUTH_EXPIRED' }]);
  });

  test('that was ended by us tells nothing any more', async () => {
    const { fake, faults, socket, texts } = started(undefined);
    socket.end();
    fake.open();
    fake.gone(1006);
    await settle();
    expect([faults, texts, fake.readyState]).toEqual([[], [], 3]);
  });
});
