import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT, exportJWK, type JWTPayload } from 'jose';
import { createAuthenticator, type AuthConfig } from '../../src/access/auth.ts';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '@topdeck/protocol/secret';
import { captureLog } from '../capture-log.ts';
import { keySet, startKeySetServer, type KeySetServer } from './key-set-server.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const NOW_S = NOW_MS / 1000;
const SECRET = 'thirty-two-bytes-of-shared-secret!';
const REFUSED = { ok: false, code: 'UNAUTHENTICATED' };
const clock = { ...systemClock, nowMs: () => NOW_MS };

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

let folder: string;
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topdeck-jwt-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Signing {
  readonly alg?: string;
  readonly key?: KeyObject | Uint8Array;
  readonly kid?: string;
}
const sign = (claims: JWTPayload = {}, signing: Signing = {}): Promise<string> =>
  new SignJWT({ exp: NOW_S + 60, sub: 'ada', ...claims })
    .setProtectedHeader({ alg: signing.alg ?? 'HS256', ...(signing.kid !== undefined && { kid: signing.kid }) })
    .sign(signing.key ?? new TextEncoder().encode(SECRET));

function setUp(config: AuthConfig) {
  const captured = captureLog();
  const auth = createAuthenticator(config, { log: captured.log, clock, jwksCooldownMs: 0 });
  return { ...captured, check: (token: string) => auth.authenticate({ authorization: `Bearer ${token}` }) };
}
const shared = (more: Partial<AuthConfig> = {}) => setUp({ JWT_SECRET: new Secret(SECRET), ...more });

describe('SEC-4 HS256', () => {
  test('a valid token tells who it is, what it may and when it ends', async () => {
    expect(await shared().check(await sign())).toEqual({
      ok: true,
      subject: 'ada',
      scopes: ['read'],
      expiresAtMs: NOW_MS + 60_000,
    });
  });

  test.each([
    ['expired', { exp: NOW_S - 60 }],
    ['not valid yet', { nbf: NOW_S + 60 }],
    ['from another issuer', { iss: 'https://evil.example' }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'payroll' }],
    ['without an audience', { aud: undefined }],
  ])('a token that is %s is refused', async (_name, fault) => {
    const { check } = shared({ JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'topdeck' });
    const claims = { iss: 'https://id.example', aud: 'topdeck' };
    expect(await check(await sign(claims))).toMatchObject({ ok: true });
    expect(await check(await sign({ ...claims, ...fault }))).toEqual(REFUSED);
  });

  test('one of several audiences is enough', async () => {
    expect(await shared({ JWT_AUDIENCE: 'topdeck' }).check(await sign({ aud: ['x', 'topdeck'] }))).toMatchObject({
      ok: true,
    });
  });

  test('a token without exp is refused', async () => {
    const token = await new SignJWT({ sub: 'ada' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
    expect(await shared().check(token)).toEqual(REFUSED);
  });

  test('the clocks may differ by a few seconds', async () => {
    const { check } = shared();
    expect(await check(await sign({ nbf: NOW_S + 3 }))).toMatchObject({ ok: true });
    expect(await check(await sign({ exp: NOW_S - 3 }))).toMatchObject({ ok: true, expiresAtMs: NOW_MS - 3000 });
  });

  test('a wrong signature, alg none, another HMAC and what is no JWT are refused', async () => {
    const { check } = shared();
    const valid = await sign();
    expect(await check(await sign({}, { key: new TextEncoder().encode(`${SECRET}x`) }))).toEqual(REFUSED);
    expect(await check(`${valid.slice(0, -4)}AAAA`)).toEqual(REFUSED);
    expect(await check(new UnsecuredJWT({ sub: 'ada', exp: NOW_S + 60 }).encode())).toEqual(REFUSED);
    expect(await check(await sign({}, { alg: 'HS512', key: new TextEncoder().encode(SECRET.repeat(2)) }))).toEqual(
      REFUSED,
    );
    for (const garbage of ['a.b.c', '..', 'x', '{}', valid.replaceAll('.', '')])
      expect(await check(garbage)).toEqual(REFUSED);
  });

  test('a critical header that is not understood is refused', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'HS256', crit: ['x'], x: 1 })).toString('base64url');
    const body = Buffer.from(JSON.stringify({ sub: 'ada', exp: NOW_S + 60 })).toString('base64url');
    const mac = createHmac('sha256', SECRET).update(`${header}.${body}`).digest('base64url');
    expect(await shared().check(`${header}.${body}.${mac}`)).toEqual(REFUSED);
  });

  test('static tokens and JWTs are accepted side by side', async () => {
    const { check } = shared({ AUTH_TOKENS: new Secret('static-token-beside-jwt') });
    expect(await check('static-token-beside-jwt')).toMatchObject({ ok: true, subject: 'token-1' });
    expect(await check(await sign())).toMatchObject({ ok: true, subject: 'ada' });
  });
});

describe('SEC-2 scopes of a JWT', () => {
  test.each([
    [{}, ['read']],
    [{ scope: 'openid read' }, ['read']],
    [{ scope: 'write' }, ['read', 'write']],
    [{ scp: ['read', 'write'] }, ['read', 'write']],
    [{ scopes: ['read'] }, ['read']],
  ])('%j gives %j', async (claims, scopes) => {
    expect(await shared().check(await sign(claims))).toMatchObject({ ok: true, scopes });
  });

  test.each([{ scope: 'openid profile' }, { scope: '' }, { scp: [] }, { scopes: 7 }, { scope: 'readonly' }])(
    'SEC-1 %j lacks the scope read',
    async (claims) => {
      expect(await shared().check(await sign(claims))).toEqual({ ok: false, code: 'FORBIDDEN_SCOPE' });
    },
  );
});

describe('SEC-4 public keys', () => {
  test.each([
    ['RS256', rsa],
    ['ES256', p256],
  ])('%s tokens of the key are accepted, others are not', async (alg, pair) => {
    const { check } = setUp({ JWT_PUBLIC_KEY_FILE: file(`${alg}.pem`, pem(pair.publicKey)) });
    expect(await check(await sign({}, { alg, key: pair.privateKey }))).toMatchObject({ ok: true });
    expect(await check(await sign({}, { alg: 'RS256', key: otherRsa.privateKey }))).toEqual(REFUSED);
    expect(await check(await sign({}, { alg: 'PS256', key: rsa.privateKey }))).toEqual(REFUSED);
  });

  test('the public key does not serve as an HMAC secret (algorithm confusion)', async () => {
    const text = pem(rsa.publicKey);
    const { check } = setUp({ JWT_PUBLIC_KEY_FILE: file('confused.pem', text) });
    for (const key of [text, text.trim()]) {
      expect(await check(await sign({}, { alg: 'HS256', key: new TextEncoder().encode(key) }))).toEqual(REFUSED);
    }
  });

  test.each([
    ['a missing file', () => join(folder, 'absent.pem'), 'cannot be read'],
    ['garbage', () => file('garbage.pem', 'hello'), 'not a PEM public key'],
    [
      'a private key',
      () => file('private.pem', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
      'private key',
    ],
    [
      'a short RSA key',
      () => file('short.pem', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)),
      '2048 bits',
    ],
    [
      'another curve',
      () => file('curve.pem', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)),
      'P-256',
    ],
    ['another kind', () => file('ed.pem', pem(generateKeyPairSync('ed25519').publicKey)), 'expected an RSA key'],
  ])('%s stops the start', (_name, path, message) => {
    expect(() => setUp({ JWT_PUBLIC_KEY_FILE: path() })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    );
  });
});

describe('SEC-4 JSON Web Key Set', () => {
  const jwk = async (key: KeyObject, kid: string) => ({ ...(await exportJWK(key)), kid, use: 'sig' });
  const signed = (kid: string, key: KeyObject, alg = 'RS256') => sign({}, { alg, key, kid });
  let issuer: KeySetServer;
  beforeAll(async () => {
    issuer = await startKeySetServer(keySet(await jwk(rsa.publicKey, 'one'), await jwk(p256.publicKey, 'two')));
  });
  afterAll(() => issuer.close());
  const fromIssuer = () => setUp({ JWT_JWKS_URL: issuer.url });

  test('tokens of its keys are accepted, the set is read once for many', async () => {
    const { check } = fromIssuer();
    const before = issuer.requests();
    expect(await check(await signed('one', rsa.privateKey))).toMatchObject({ ok: true });
    expect(await check(await signed('two', p256.privateKey, 'ES256'))).toMatchObject({ ok: true });
    expect(await check(await signed('one', otherRsa.privateKey))).toEqual(REFUSED);
    expect(issuer.requests()).toBe(before + 1);
  });

  test('HS256, a key id of another kind of key and an unknown key id are refused', async () => {
    const { check } = fromIssuer();
    const confused = new TextEncoder().encode(pem(rsa.publicKey));
    expect(await check(await sign({}, { alg: 'HS256', key: confused, kid: 'one' }))).toEqual(REFUSED);
    expect(await check(await signed('two', rsa.privateKey))).toEqual(REFUSED);
    expect(await check(await signed('three', rsa.privateKey))).toEqual(REFUSED);
  });

  test('a rotated key is taken over, and the old one ends', async () => {
    const { check } = fromIssuer();
    expect(await check(await signed('one', rsa.privateKey))).toMatchObject({ ok: true });
    issuer.answer(keySet(await jwk(otherRsa.publicKey, 'new')));
    expect(await check(await signed('new', otherRsa.privateKey))).toMatchObject({ ok: true });
    expect(await check(await signed('one', rsa.privateKey))).toEqual(REFUSED);
  });

  test.each([
    ['hangs up', undefined],
    ['answers 500', { status: 500, body: 'oops' }],
    ['answers what is no JSON', { status: 200, body: '<html>' }],
    ['answers what is no key set', { status: 200, body: '{}' }],
  ])('while the issuer %s tokens are answered AUTH_UNAVAILABLE, said once', async (_name, outage) => {
    const { check, events, text } = fromIssuer();
    issuer.answer(outage);
    const token = await signed('one', rsa.privateKey);
    expect(await check(token)).toEqual({ ok: false, code: 'AUTH_UNAVAILABLE' });
    expect(await check(token)).toEqual({ ok: false, code: 'AUTH_UNAVAILABLE' });
    expect(events().filter((line) => line['event'] === 'auth.keys_unavailable')).toHaveLength(1);
    issuer.answer(keySet(await jwk(rsa.publicKey, 'one')));
    expect(await check(token)).toMatchObject({ ok: true });
    expect(events().at(-1)).toMatchObject({ event: 'auth.keys_recovered' });
    expect(text()).not.toContain(token);
  });

  test('a key set without issuer and audience checks is warned of', () => {
    expect(fromIssuer().events()[0]).toMatchObject({
      event: 'auth.claims_unchecked',
      unset: ['JWT_ISSUER', 'JWT_AUDIENCE'],
    });
  });
});

test('SEC-5 a refusal leaves its reason in the log, and neither token nor secret', async () => {
  const { check, events, text } = shared();
  const token = await sign({ exp: NOW_S - 60 });
  await check(token);
  expect(events()).toEqual([expect.objectContaining({ event: 'auth.refused', reason: 'ERR_JWT_EXPIRED' })]);
  expect(text()).not.toContain(token);
  expect(text()).not.toContain(SECRET);
});
