import type { DataFrame } from '@grafana/data';
import { rowsOf, textAt, valueAt } from '../frame.ts';
import { healthOf, healthRank } from '../status.ts';
import type { Neighbour, ServiceDetails } from './details.ts';
import { namedNumber } from './read-services.ts';

export interface NeighbourFrames {
  readonly dependencies: DataFrame | undefined;
  readonly failing: DataFrame | undefined;
  readonly services: readonly ServiceDetails[];
}

interface End {
  readonly near: 'source' | 'target';
  readonly far: 'source' | 'target';
}
export const DOWNSTREAM: End = { near: 'source', far: 'target' };
export const UPSTREAM: End = { near: 'target', far: 'source' };

/** Rows of a frame of edges with the service at their near end, by the id of what is at the far one. */
function byFarEnd(frame: DataFrame | undefined, id: string, { near, far }: End): Map<string, number> {
  const rows = rowsOf(frame).filter((row) => textAt(frame, `${near}_id`, row) === id);
  return new Map(rows.map((row) => [textAt(frame, `${far}_id`, row) ?? '', row]));
}

const urgency = ({ status, isTroubled, rate }: Neighbour): readonly [number, number, number] => [
  status === undefined ? 0 : healthRank(status),
  Number(isTroubled),
  rate?.value ?? 0,
];

function worstFirst(a: Neighbour, b: Neighbour): number {
  const [ofA, ofB] = [urgency(a), urgency(b)];
  const differs = ofA.findIndex((value, index) => value !== ofB[index]);
  return differs === -1 ? a.name.localeCompare(b.name) : ofB[differs] - ofA[differs];
}

/** What the service depends on, or what depends on it. */
export function readNeighbours(
  id: string,
  end: End,
  { dependencies, failing, services }: NeighbourFrames,
): Neighbour[] {
  const edges = byFarEnd(dependencies, id, end);
  const failures = byFarEnd(failing, id, end);
  const known = new Map(services.map((service) => [service.id, service]));
  const ids = [...new Set([...edges.keys(), ...failures.keys()])];
  return ids
    .map((farId): Neighbour => {
      const edge = edges.get(farId) ?? -1;
      const failure = failures.get(farId) ?? -1;
      const name = textAt(dependencies, `${end.far}_name`, edge) ?? textAt(failing, `${end.far}_name`, failure);
      const targetStatus = textAt(failing, 'target_status', failure) ?? textAt(dependencies, 'target_status', edge);
      const ofTarget = end.far === 'target' && targetStatus !== undefined ? healthOf(targetStatus) : undefined;
      return {
        id: farId,
        name: name ?? farId,
        status: ofTarget ?? known.get(farId)?.status,
        isTroubled: failure !== -1 || valueAt(dependencies, 'is_abnormal', edge) === true,
        rate: namedNumber(dependencies, 'request_rate', edge),
        trouble: end.far === 'target' ? textAt(failing, 'anomaly', failure) : undefined,
      };
    })
    .sort(worstFirst);
}
