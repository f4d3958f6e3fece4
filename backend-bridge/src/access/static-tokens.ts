import { createHash, timingSafeEqual } from 'node:crypto';
import { scopesUpTo, type Scope } from './scopes.ts';

interface StaticToken {
  readonly subject: string;
  readonly digest: Buffer;
  readonly scopes: readonly Scope[];
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** `tokens` is AUTH_TOKENS: comma-separated, each may end in :read or :write. */
export function parseStaticTokens(tokens: string): readonly StaticToken[] {
  const entries = tokens
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return entries.map((entry, index) => {
    const [, token = entry, scope] = /^(.*):(read|write)$/.exec(entry) ?? [];
    return {
      subject: `token-${index + 1}`,
      digest: digestOf(token),
      scopes: scopesUpTo(scope === 'write' ? 'write' : 'read'),
    };
  });
}

/**
 * Digests have one length and every token is compared to the end, so the time tells neither how much of a guess was
 * right nor which token it was.
 */
export function findStaticToken(tokens: readonly StaticToken[], presented: string): StaticToken | undefined {
  const digest = digestOf(presented);
  let found: StaticToken | undefined;
  for (const token of tokens) if (timingSafeEqual(token.digest, digest)) found = token;
  return found;
}
