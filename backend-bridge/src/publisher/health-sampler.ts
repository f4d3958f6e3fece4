import { STATUSES, type Topology } from '@topdeck/protocol';
import type { Diagnosis } from '../engine/diagnosis.ts';
import type { HealthChange, HealthState } from '../history/history-store.ts';

/** A score that moves less is not worth a sample. */
const RESOLUTION = 1;
/** A score that moves without a change of status is kept no more often. */
const SCORE_EVERY_MS = 30_000;
const UNKNOWN = STATUSES.indexOf('unknown');

type Found = Pick<Diagnosis, 'atMs' | 'topology' | 'services'>;

/** The newest sample of each service, aligned with one topology. */
interface Kept {
  readonly topology: Topology;
  readonly status: Uint8Array;
  readonly score: Float64Array;
  readonly atMs: Float64Array;
}

function nothingKept(topology: Topology): Kept {
  const { length } = topology.resources;
  return {
    topology,
    status: new Uint8Array(length).fill(UNKNOWN),
    score: new Float64Array(length),
    atMs: new Float64Array(length).fill(-Infinity),
  };
}

/** The samples of the services that live on; `gone` gets those of the others that were last known to be in some state. */
function realign(before: Kept, topology: Topology, gone: string[]): Kept {
  const next = nothingKept(topology);
  for (const [from, { id }] of before.topology.resources.entries()) {
    const to = topology.indexOf.get(id);
    if (to === undefined) {
      if (before.status[from] !== UNKNOWN) gone.push(id);
      continue;
    }
    next.status[to] = before.status[from];
    next.score[to] = before.score[from];
    next.atMs[to] = before.atMs[from];
  }
  return next;
}

/**
 * Health reported by exception: which services are worth a new sample since their last one. The history may refuse a
 * write, so a tick's changes count as kept only when the caller says so; until then the next tick finds them again.
 */
export class HealthSampler {
  #kept: Kept | undefined;
  #unconfirmed: Kept | undefined;
  /** What an earlier run kept of services that no topology of this run has held yet. */
  #before: Map<string, HealthState>;

  constructor(newest: ReadonlyMap<string, HealthState>) {
    this.#before = new Map(newest);
  }

  changes({ atMs, topology, services }: Found): readonly HealthChange[] {
    const gone: string[] = [];
    const kept = this.#alignedWith(topology, gone);
    const changes: HealthChange[] = gone.map((resourceId) => ({ resourceId, status: 'unknown', score: null }));
    for (let i = 0; i < kept.status.length; i += 1) {
      const [status, score] = [services.status[i], services.score[i]];
      const moved = Math.abs(score - kept.score[i]) >= RESOLUTION && status !== UNKNOWN;
      // Whichever way the clock went.
      if (status === kept.status[i] && !(moved && Math.abs(atMs - kept.atMs[i]) >= SCORE_EVERY_MS)) continue;
      kept.status[i] = status;
      kept.score[i] = score;
      kept.atMs[i] = atMs;
      const isKnown = status !== UNKNOWN;
      changes.push({ resourceId: topology.resources[i].id, status: STATUSES[status], score: isKnown ? score : null });
    }
    this.#unconfirmed = kept;
    return changes;
  }

  /** The newest changes are kept. */
  confirm(): void {
    this.#kept = this.#unconfirmed;
    this.#before.clear();
  }

  #alignedWith(topology: Topology, gone: string[]): Kept {
    const kept = this.#kept;
    if (kept === undefined) return this.#continued(topology, gone);
    if (kept.topology !== topology) return realign(kept, topology, gone);
    return { ...kept, status: kept.status.slice(), score: kept.score.slice(), atMs: kept.atMs.slice() };
  }

  #continued(topology: Topology, gone: string[]): Kept {
    const kept = nothingKept(topology);
    for (const [id, { status, score }] of this.#before) {
      const i = topology.indexOf.get(id);
      if (i === undefined) gone.push(id);
      else {
        kept.status[i] = STATUSES.indexOf(status);
        kept.score[i] = score ?? 0;
      }
    }
    return kept;
  }
}
