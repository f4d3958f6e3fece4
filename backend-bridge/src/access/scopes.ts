export type Scope = 'read' | 'write';

const READ: readonly Scope[] = ['read'];
/** Who may change something may see it. */
const READ_WRITE: readonly Scope[] = ['read', 'write'];

export const scopesUpTo = (scope: Scope): readonly Scope[] => (scope === 'write' ? READ_WRITE : READ);

/**
 * Scopes of a JWT: `scope` (RFC 9068, words apart by spaces), or the lists `scp` or `scopes` of other issuers. A token
 * without any such claim may read; one that has the claim may do only what it names.
 */
export function scopesOfClaims(claims: Readonly<Record<string, unknown>>): readonly Scope[] {
  const claim = claims['scope'] ?? claims['scp'] ?? claims['scopes'];
  if (claim === undefined) return READ;
  const words: readonly unknown[] = typeof claim === 'string' ? claim.split(/\s+/) : Array.isArray(claim) ? claim : [];
  if (words.includes('write')) return READ_WRITE;
  return words.includes('read') ? READ : [];
}
