import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../telemetry/log.ts';
import { isAuthConfigured } from './bind.ts';
import { presentedToken, type Credentials } from './credentials.ts';
import { createJwtVerifier, type JwtConfig, type JwtOutcome, type JwtVerifier } from './jwt.ts';
import { scopesUpTo, type Scope } from './scopes.ts';
import { findStaticToken, parseStaticTokens } from './static-tokens.ts';

export type AuthConfig = JwtConfig & Pick<Config, 'AUTH_TOKENS'>;

/** `ok` implies the scope `read`. `code` is the error code to answer with. */
export type AuthResult =
  | {
      readonly ok: true;
      /** Who it is, for the log: `sub` of a JWT, `token-<n>` for the n-th static token, `anonymous` without authentication. */
      readonly subject: string;
      readonly scopes: readonly Scope[];
      /** Epoch milliseconds; absent for tokens that do not expire. */
      readonly expiresAtMs?: number;
    }
  | { readonly ok: false; readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN_SCOPE' | 'AUTH_UNAVAILABLE' };

export interface Authenticator {
  /** false: everybody who can reach the bridge may do everything. */
  readonly enabled: boolean;
  authenticate(credentials: Credentials): Promise<AuthResult>;
}

export interface AuthDependencies {
  readonly log: Log;
  readonly clock: Clock;
  readonly jwksCooldownMs?: number;
}

const ANONYMOUS: AuthResult = { ok: true, subject: 'anonymous', scopes: scopesUpTo('write') };

/** Says once that the issuer's keys cannot be read and once that they can again, however many tokens wait for them. */
function createOutageReport(log: Log): (outcome: JwtOutcome) => void {
  let out = false;
  return (outcome) => {
    if (outcome.kind === 'keys-unavailable') {
      if (!out) log.error({ event: 'auth.keys_unavailable', err: outcome.cause });
      out = true;
    } else if (outcome.kind === 'valid' && out) {
      log.info({ event: 'auth.keys_recovered' });
      out = false;
    }
  };
}

async function checkJwt(token: string, verify: JwtVerifier, log: Log): Promise<AuthResult> {
  const outcome = await verify(token);
  if (outcome.kind === 'keys-unavailable') return { ok: false, code: 'AUTH_UNAVAILABLE' };
  if (outcome.kind === 'refused') {
    log.debug({ event: 'auth.refused', reason: outcome.reason });
    return { ok: false, code: 'UNAUTHENTICATED' };
  }
  if (!outcome.scopes.includes('read')) return { ok: false, code: 'FORBIDDEN_SCOPE' };
  return { ok: true, subject: outcome.subject, scopes: outcome.scopes, expiresAtMs: outcome.expiresAtMs };
}

function warnOfUncheckedClaims(config: AuthConfig, log: Log): void {
  const unchecked = (['JWT_ISSUER', 'JWT_AUDIENCE'] as const).filter((key) => config[key] === undefined);
  if (config.JWT_JWKS_URL !== undefined && unchecked.length > 0) {
    log.warn({ event: 'auth.claims_unchecked', unset: unchecked, effect: 'any token of the issuer is accepted' });
  }
}

/** SEC-1, SEC-4. Throws CONFIG_INVALID for a key file that is no usable public key. */
export function createAuthenticator(config: AuthConfig, dependencies: AuthDependencies): Authenticator {
  if (!isAuthConfigured(config)) return { enabled: false, authenticate: () => Promise.resolve(ANONYMOUS) };
  const { log } = dependencies;
  warnOfUncheckedClaims(config, log);
  const tokens = parseStaticTokens(config.AUTH_TOKENS?.reveal() ?? '');
  const report = createOutageReport(log);
  const verifyJwt = createJwtVerifier(config, dependencies);
  const verify: JwtVerifier | undefined =
    verifyJwt &&
    (async (token) => {
      const outcome = await verifyJwt(token);
      report(outcome);
      return outcome;
    });
  return {
    enabled: true,
    async authenticate(credentials) {
      const token = presentedToken(credentials);
      if (token === undefined) return { ok: false, code: 'UNAUTHENTICATED' };
      const known = findStaticToken(tokens, token);
      if (known !== undefined) return { ok: true, subject: known.subject, scopes: known.scopes };
      return verify === undefined ? { ok: false, code: 'UNAUTHENTICATED' } : checkJwt(token, verify, log);
    },
  };
}
