import type { BridgeState } from '@topdeck/backend-datasource/bridge';

/** Why a person has to bring a token. `needed`: none was shown yet. */
export type Refusal = 'needed' | 'refused' | 'expired' | 'forbidden';

const BY_CODE: Readonly<Record<string, Exclude<Refusal, 'needed'>>> = {
  UNAUTHENTICATED: 'refused',
  AUTH_EXPIRED: 'expired',
  FORBIDDEN_SCOPE: 'forbidden',
};

/** Undefined for troubles that no other token would mend. */
export function refusalIn({ connection }: BridgeState, hadToken: boolean): Refusal | undefined {
  if (!('fault' in connection)) return undefined;
  const refusal = BY_CODE[connection.fault.code];
  return refusal === 'refused' && !hadToken ? 'needed' : refusal;
}
