import { BridgeError } from '../errors.ts';
import type { Config } from '../config.ts';
import { isLoopbackHost } from './origin.ts';

export type AuthKeys = Pick<Config, 'AUTH_TOKENS' | 'JWT_SECRET' | 'JWT_PUBLIC_KEY_FILE' | 'JWT_JWKS_URL'>;

export const isAuthConfigured = (config: AuthKeys): boolean =>
  [config.AUTH_TOKENS, config.JWT_SECRET, config.JWT_PUBLIC_KEY_FILE, config.JWT_JWKS_URL].some(
    (key) => key !== undefined,
  );

/** Throws INSECURE_BIND where others than this machine could read without a token and nobody said that they may. */
export function checkBind(config: AuthKeys & Pick<Config, 'HOST' | 'ALLOW_UNAUTHENTICATED'>): void {
  if (isLoopbackHost(config.HOST) || isAuthConfigured(config) || config.ALLOW_UNAUTHENTICATED) return;
  throw new BridgeError('INSECURE_BIND', { detail: `HOST=${config.HOST}` });
}
