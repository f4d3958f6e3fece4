import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { answerFault, closeFault, FIXED_PATH } from '../../src/bridge/answer-fault.ts';
import { FAULT_CODES, fault, isSameFault } from '../../src/bridge/faults.ts';
import { networkFault } from '../../src/bridge/network-fault.ts';

const FOLDER = join(import.meta.dirname, '../../src/bridge');
const RESOURCE = { isFixedPath: false };

const failure = (code: string | undefined, message = ''): Error => Object.assign(new Error(message), code && { code });
const bridgeSays = (status: number, code: string): Parameters<typeof answerFault>[0] => ({
  status,
  type: 'application/json; charset=utf-8',
  text: JSON.stringify({ code, message: `message of ${code}`, action: `action of ${code}`, detail: '' }),
});

describe('the table of faults', () => {
  const sources = readdirSync(FOLDER)
    .filter((file) => file !== 'faults.ts')
    .map((file) => readFileSync(join(FOLDER, file), 'utf8'))
    .join('\n');

  test.each(Object.entries(FAULT_CODES))(
    '%s is used, and says what happened and what to do',
    (code, { message, action }) => {
      expect(sources).toContain(`'${code}'`);
      for (const text of [message, action]) expect(text).toMatch(/^\p{L}.*[^.\s]$/u);
    },
  );

  test('a detail goes behind the message, and tells faults apart', () => {
    const [a, b] = [fault('TIMEOUT'), fault('TIMEOUT', { detail: 'not within 10 s' })];
    expect(b.message).toBe('The bridge did not answer in time: not within 10 s');
    expect([isSameFault(a, fault('TIMEOUT')), isSameFault(a, b), isSameFault(a, undefined)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('what a socket or request failed with', () => {
  test.each([
    ['ECONNREFUSED', '', 'CONNECTION_REFUSED'],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND bridge', 'HOST_NOT_FOUND'],
    ['EAI_AGAIN', '', 'HOST_NOT_FOUND'],
    ['EHOSTUNREACH', '', 'HOST_UNREACHABLE'],
    ['ECONNRESET', 'socket hang up', 'CONNECTION_LOST'],
    ['ETIMEDOUT', '', 'TIMEOUT'],
    [undefined, 'Opening handshake has timed out', 'TIMEOUT'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', '', 'TLS_UNTRUSTED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '', 'TLS_UNTRUSTED'],
    ['CERT_HAS_EXPIRED', '', 'TLS_EXPIRED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', '', 'TLS_WRONG_NAME'],
    // Node's and Bun's words for the same alert, on a request and on a socket.
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', '', 'TLS_CLIENT_CERTIFICATE'],
    ['ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED', '', 'TLS_CLIENT_CERTIFICATE'],
    [
      'EPROTO',
      'error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED',
      'TLS_CLIENT_CERTIFICATE',
    ],
    ['EPROTO', 'write EPROTO 408D0B:SSL routines:tls_validate_record_header:wrong version number', 'TLS_FAILED'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', '', 'TLS_FAILED'],
    ['HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/', 'NOT_A_BRIDGE'],
    ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'Max payload size exceeded', 'ANSWER_TOO_LARGE'],
    ['WS_ERR_INVALID_UTF8', '', 'STREAM_BROKEN'],
    ['EWHATEVER', 'of a kind of its own', 'NETWORK_FAILED'],
  ])('%s %s is %s', (code, message, expected) => {
    expect(networkFault(failure(code, message)).code).toBe(expected);
  });

  test('is told even when it is no error', () => {
    expect(networkFault('gone')).toMatchObject({ code: 'NETWORK_FAILED', message: expect.stringContaining('gone') });
  });
});

describe('an answer that is not what was asked for', () => {
  test('REST-9 of the bridge is told in its own words', () => {
    expect(answerFault(bridgeSays(429, 'RATE_LIMITED'), RESOURCE)).toEqual({
      code: 'RATE_LIMITED',
      message: 'message of RATE_LIMITED',
      action: 'action of RATE_LIMITED',
      httpStatus: 429,
    });
  });

  test.each([
    [401, 'UNAUTHENTICATED', 'Enter a token with the scope read'],
    [403, 'FORBIDDEN_SCOPE', 'scope write'],
    [403, 'FORBIDDEN_HOST', 'ALLOWED_ORIGINS'],
    [503, 'NOT_READY', 'Try again in a few seconds'],
  ])('SEC-1, REST-8 %i %s says what to do in Grafana', (httpStatus, code, action) => {
    const told = answerFault(bridgeSays(httpStatus, code), RESOURCE);
    expect(told).toMatchObject({ code, httpStatus, action: expect.stringContaining(action) });
  });

  test('of length is cut', () => {
    const text = JSON.stringify({ code: 'X', message: 'm'.repeat(9999), action: 'a', detail: '' });
    expect(answerFault({ status: 500, type: '', text }, RESOURCE).message).toHaveLength(301);
  });

  test('404 is told in the words of the bridge for a resource, and speaks of the URL where every bridge has the path', () => {
    expect(answerFault(bridgeSays(404, 'NOT_FOUND'), RESOURCE).code).toBe('NOT_FOUND');
    expect(answerFault(bridgeSays(404, 'NOT_FOUND'), FIXED_PATH).code).toBe('NOT_A_BRIDGE');
  });

  test.each([
    [200, 'text/html', 'NOT_A_BRIDGE', 'a web page (HTTP 200)'],
    [404, 'text/html; charset=utf-8', 'NOT_A_BRIDGE', 'a web page (HTTP 404)'],
    [200, 'application/json', 'NOT_A_BRIDGE', 'something else (HTTP 200)'],
    [302, 'text/html', 'NOT_A_BRIDGE', 'a redirect to https://login.example (HTTP 302)'],
    [401, 'text/html', 'ACCESS_DENIED', 'HTTP 401'],
    [403, 'text/plain', 'ACCESS_DENIED', 'HTTP 403'],
    [502, 'text/html', 'HTTP_FAILED', 'HTTP 502'],
  ])('%i %s of something else is %s', (status, type, code, words) => {
    const location = status === 302 ? 'https://login.example' : undefined;
    const told = answerFault({ status, type, location, text: '<html>' }, FIXED_PATH);
    expect(told).toMatchObject({ code, httpStatus: status, message: expect.stringContaining(words) });
  });
});

describe('the end of an open socket', () => {
  test.each([
    [1006, '', 'CONNECTION_LOST'],
    [1001, 'SHUTTING_DOWN', 'SHUTTING_DOWN'],
    [1009, 'MESSAGE_TOO_LARGE', 'MESSAGE_TOO_LARGE'],
    [4001, 'SLOW_CLIENT', 'SLOW_CLIENT'],
    [4002, 'IDLE_TIMEOUT', 'IDLE_TIMEOUT'],
    [4003, 'MESSAGE_RATE_EXCEEDED', 'MESSAGE_RATE_EXCEEDED'],
    [4004, 'AUTH_EXPIRED', 'AUTH_EXPIRED'],
    [1011, 'oh', 'STREAM_CLOSED'],
  ])('LIM-4, LIM-5, LIM-7, LIM-8, SEC-4 %i %s is %s', (code, reason, expected) => {
    expect(closeFault(code, reason).code).toBe(expected);
  });

  test('of a kind unknown is told with its code and reason', () => {
    expect(closeFault(1011, 'oh').message).toBe('The bridge closed the stream: 1011 oh');
  });
});
