import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { createAuthenticator, type AuthConfig } from '../../src/access/auth.ts';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '@topdeck/protocol/secret';
import { silentLog } from '../../src/telemetry/log.ts';

const TOKEN = 'a-static-token-of-some-length';
const WRITER = 'the-token-that-may-also-write';

const authenticator = (config: AuthConfig) => createAuthenticator(config, { log: silentLog, clock: systemClock });
const withTokens = (tokens: string) => authenticator({ AUTH_TOKENS: new Secret(tokens) });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('SEC-1 static tokens', () => {
  test('without any key everybody may do everything', async () => {
    const auth = authenticator({});
    expect(auth.enabled).toBe(false);
    expect(await auth.authenticate({})).toEqual({ ok: true, subject: 'anonymous', scopes: ['read', 'write'] });
  });

  test('the suffix gives the scope, read when there is none, and write includes read', async () => {
    const auth = withTokens(` ${TOKEN} , ${WRITER}:write, third-token-of-the-list:read,`);
    expect(auth.enabled).toBe(true);
    expect(await auth.authenticate(bearer(TOKEN))).toEqual({ ok: true, subject: 'token-1', scopes: ['read'] });
    expect(await auth.authenticate(bearer(WRITER))).toEqual({
      ok: true,
      subject: 'token-2',
      scopes: ['read', 'write'],
    });
    expect(await auth.authenticate(bearer('third-token-of-the-list'))).toMatchObject({ ok: true, scopes: ['read'] });
  });

  test('a colon that ends in no scope is part of the token', async () => {
    expect(await withTokens('name:secret').authenticate(bearer('name:secret'))).toMatchObject({ ok: true });
  });

  test.each([
    ['nothing', {}],
    ['an empty header', { authorization: '' }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['the bare token', { authorization: TOKEN }],
    ['two tokens', { authorization: `Bearer ${TOKEN} ${WRITER}` }],
    ['a prefix of the token', bearer(TOKEN.slice(0, -1))],
    ['the token with more behind it', bearer(`${TOKEN}x`)],
    ['the token with its scope', bearer(`${WRITER}:write`)],
    ['the list itself', bearer(`${TOKEN},${WRITER}:write`)],
    ['an endless token', bearer('x'.repeat(9000))],
    ['subprotocols without a token', { protocols: ['topdeck.v1', 'bearer.'] }],
    ['a wrong token in a subprotocol', { protocols: ['topdeck.v1', `bearer.${TOKEN}x`] }],
  ])('%s is refused', async (_name, credentials) => {
    expect(await withTokens(`${TOKEN},${WRITER}:write`).authenticate(credentials)).toEqual({
      ok: false,
      code: 'UNAUTHENTICATED',
    });
  });

  test('browsers present it as a subprotocol, and the scheme is read in any case', async () => {
    const auth = withTokens(TOKEN);
    expect(await auth.authenticate({ protocols: ['topdeck.v1', `bearer.${TOKEN}`] })).toMatchObject({ ok: true });
    expect(await auth.authenticate({ authorization: `bearer  ${TOKEN}` })).toMatchObject({ ok: true });
  });

  test('a header that is refused is not rescued by a subprotocol', async () => {
    const result = await withTokens(TOKEN).authenticate({ ...bearer('wrong'), protocols: [`bearer.${TOKEN}`] });
    expect(result.ok).toBe(false);
  });

  test('SEC-5 neither the authenticator nor a result shows a token', async () => {
    const auth = withTokens(TOKEN);
    const shown = inspect([auth, await auth.authenticate(bearer(TOKEN))], { depth: 10, showHidden: true });
    expect(shown).not.toContain(TOKEN);
  });
});
