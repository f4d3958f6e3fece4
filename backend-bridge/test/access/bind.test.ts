import { describe, expect, test } from '@jest/globals';
import { checkBind } from '../../src/access/bind.ts';
import { Secret } from '@topdeck/protocol/secret';

const open = { HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: false };

describe('INSECURE_BIND', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', 'bridge.internal'])(
    'HOST=%s without authentication is refused',
    (HOST) => {
      expect(() => checkBind({ ...open, HOST })).toThrow(
        expect.objectContaining({ code: 'INSECURE_BIND', message: expect.stringContaining(`HOST=${HOST}`) }),
      );
    },
  );

  test.each(['127.0.0.1', '::1', 'localhost'])('HOST=%s needs none', (HOST) => {
    expect(() => checkBind({ ...open, HOST })).not.toThrow();
  });

  test.each([
    { AUTH_TOKENS: new Secret('t') },
    { JWT_SECRET: new Secret('s') },
    { JWT_PUBLIC_KEY_FILE: 'key.pem' },
    { JWT_JWKS_URL: 'https://id.example.org/jwks' },
    { ALLOW_UNAUTHENTICATED: true },
  ])('any other HOST is fine with $0', (key) => {
    expect(() => checkBind({ ...open, ...key })).not.toThrow();
  });
});
