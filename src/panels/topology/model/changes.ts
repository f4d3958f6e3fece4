import type { Status } from '@topdeck/protocol';
import { gravity } from './gravity.ts';

/** How something fared at one time. */
export interface HealthAt {
  readonly status: Status;
  /** 0–100; undefined where nobody knows it. */
  readonly score?: number;
}

export type HealthById = ReadonlyMap<string, HealthAt>;

/** What is in one of the maps and not in the other came or went. */
export type ChangeKind = 'worse' | 'better' | 'appeared' | 'disappeared';

export interface Change {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly before: HealthAt | undefined;
  readonly after: HealthAt | undefined;
}

export interface ChangeOptions {
  /** Points of the score below which the same status counts as unchanged. */
  readonly minScoreChange: number;
}

export const DEFAULT_CHANGE_OPTIONS: ChangeOptions = { minScoreChange: 10 };

function changeOf(before: HealthAt, after: HealthAt, { minScoreChange }: ChangeOptions): ChangeKind | undefined {
  const steps = gravity(after.status) - gravity(before.status);
  if (steps !== 0) return steps > 0 ? 'worse' : 'better';
  if (before.score === undefined || after.score === undefined) return undefined;
  const points = after.score - before.score;
  if (Math.abs(points) < minScoreChange) return undefined;
  return points < 0 ? 'worse' : 'better';
}

const ORDER: Readonly<Record<ChangeKind, number>> = { worse: 0, appeared: 1, disappeared: 2, better: 3 };
/** A status outweighs any difference of scores. */
const badness = ({ status, score = 50 }: HealthAt): number => gravity(status) * 1_000 - score;
const worsening = ({ before, after }: Change): number =>
  (after === undefined ? 0 : badness(after)) - (before === undefined ? 0 : badness(before));

/** What changed from one time to another: what became worse first and most first, then what came, went and got better. */
export function changesBetween(
  before: HealthById,
  after: HealthById,
  options: ChangeOptions = DEFAULT_CHANGE_OPTIONS,
): readonly Change[] {
  const changes: Change[] = [];
  for (const [id, now] of after) {
    const past = before.get(id);
    const kind = past === undefined ? 'appeared' : changeOf(past, now, options);
    if (kind !== undefined) changes.push({ id, kind, before: past, after: now });
  }
  for (const [id, past] of before) {
    if (!after.has(id)) changes.push({ id, kind: 'disappeared', before: past, after: undefined });
  }
  return changes.sort(
    (a, b) => ORDER[a.kind] - ORDER[b.kind] || worsening(b) - worsening(a) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}
