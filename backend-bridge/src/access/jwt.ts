import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { BridgeError } from '../errors.ts';
import { scopesOfClaims, type Scope } from './scopes.ts';

export type JwtConfig = Pick<
  Config,
  'JWT_SECRET' | 'JWT_PUBLIC_KEY_FILE' | 'JWT_JWKS_URL' | 'JWT_ISSUER' | 'JWT_AUDIENCE'
>;

export interface JwtOptions {
  readonly clock: Clock;
  /** How long an unknown key id does not make the key set be read again, so that made-up tokens cannot flood the issuer. */
  readonly jwksCooldownMs?: number;
}

export type JwtOutcome =
  | {
      readonly kind: 'valid';
      readonly subject: string;
      readonly scopes: readonly Scope[];
      readonly expiresAtMs: number;
    }
  /** `reason` is a code of jose: ERR_JWT_EXPIRED, ERR_JWS_SIGNATURE_VERIFICATION_FAILED … */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'keys-unavailable'; readonly cause: unknown };

export type JwtVerifier = (token: string) => Promise<JwtOutcome>;

/** Issuer and bridge need not have the same second. */
const CLOCK_TOLERANCE_S = 5;
const JWKS_TIMEOUT_MS = 5000;
const JWKS_CACHE_MS = 600_000;
const JWKS_COOLDOWN_MS = 30_000;
const MIN_RSA_BITS = 2048;

/** Algorithms are pinned by the kind of key, never taken from the token: an RS256 key must not serve as an HS256 secret. */
interface KeySource {
  readonly algorithms: string[];
  readonly key: JWTVerifyGetKey;
}

class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

const unusableKey = (detail: string, cause?: unknown): BridgeError =>
  new BridgeError('CONFIG_INVALID', { detail: `JWT_PUBLIC_KEY_FILE: ${detail}`, cause });

function algorithmOf(key: KeyObject): string {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS) return 'RS256';
  if (key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  throw unusableKey(`expected an RSA key of at least ${MIN_RSA_BITS} bits or a P-256 key`);
}

function publicKeySource(path: string): KeySource {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (cause) {
    throw unusableKey(`${path} cannot be read`, cause);
  }
  if (pem.includes('PRIVATE KEY')) throw unusableKey(`${path} is a private key; expected the public one`);
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw unusableKey(`${path} is not a PEM public key`, cause);
  }
  return { algorithms: [algorithmOf(key)], key: () => key };
}

function keySetSource(url: string, cooldownMs: number): KeySource {
  const keySet = createRemoteJWKSet(new URL(url), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cacheMaxAge: JWKS_CACHE_MS,
    cooldownDuration: cooldownMs,
  });
  const key: JWTVerifyGetKey = async (header, token) => {
    try {
      return await keySet(header, token);
    } catch (error) {
      // The token names a key that the set does not have, or none of several: that is the token's fault.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new KeysUnavailable('The key set cannot be read', { cause: error });
    }
  };
  return { algorithms: ['RS256', 'ES256'], key };
}

function keySourceOf(config: JwtConfig, options: JwtOptions): KeySource | undefined {
  if (config.JWT_SECRET !== undefined) {
    const secret = new TextEncoder().encode(config.JWT_SECRET.reveal());
    return { algorithms: ['HS256'], key: () => secret };
  }
  if (config.JWT_PUBLIC_KEY_FILE !== undefined) return publicKeySource(config.JWT_PUBLIC_KEY_FILE);
  if (config.JWT_JWKS_URL !== undefined) {
    return keySetSource(config.JWT_JWKS_URL, options.jwksCooldownMs ?? JWKS_COOLDOWN_MS);
  }
  return undefined;
}

/** Undefined where no JWT key is configured. Throws CONFIG_INVALID for a key file that is no usable public key. */
export function createJwtVerifier(config: JwtConfig, options: JwtOptions): JwtVerifier | undefined {
  const source = keySourceOf(config, options);
  if (source === undefined) return undefined;
  const checks = {
    algorithms: source.algorithms,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp'],
    ...(config.JWT_ISSUER !== undefined && { issuer: config.JWT_ISSUER }),
    ...(config.JWT_AUDIENCE !== undefined && { audience: config.JWT_AUDIENCE }),
  };
  return async (token) => {
    try {
      const currentDate = new Date(options.clock.nowMs());
      const { payload } = await jwtVerify(token, source.key, { ...checks, currentDate });
      return {
        kind: 'valid',
        subject: payload.sub ?? 'jwt',
        scopes: scopesOfClaims(payload),
        expiresAtMs: (payload.exp as number) * 1000,
      };
    } catch (error) {
      if (error instanceof KeysUnavailable) return { kind: 'keys-unavailable', cause: error.cause };
      // Besides its own errors jose throws a TypeError for a key that does not fit the token's algorithm.
      return { kind: 'refused', reason: error instanceof errors.JOSEError ? error.code : String(error) };
    }
  };
}
