import { useState } from 'react';
import { useClock } from '../../ui/clock.ts';
import { useNow } from '../../ui/use-now.ts';
import { follow, NO_ANOMALIES, type AnomalyLife } from './anomaly-life.ts';
import type { Table } from './read-frames.ts';

/** How often it is looked whether something was resolved long enough ago. */
const FORGET_EVERY_MS = 10_000;

/** Keeps what a list of open anomalies forgets: those that were in it a moment ago. */
export function useAnomalyLife(table: Table<'anomalies'> | undefined, limit: number): AnomalyLife {
  const clock = useClock();
  useNow(FORGET_EVERY_MS);
  const [life, setLife] = useState<AnomalyLife>(NO_ANOMALIES);
  if (table === undefined) return life;
  const next = follow(life, { table, identity: identityOf(table), limit }, clock.nowMs());
  if (next !== life) setLife(next);
  return next;
}

/** Which query the rows are of: a live frame tells it by its channel, in which variables have their values. */
function identityOf({ frame }: Table): string {
  const { live } = (frame.meta?.custom ?? {}) as { readonly live?: { readonly path?: string } };
  return `${frame.refId ?? ''}/${live?.path ?? ''}`;
}
