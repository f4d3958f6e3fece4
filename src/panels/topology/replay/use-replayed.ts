import { useEffect, useMemo } from 'react';
import type { Status } from '@topdeck/protocol';
import type { Graph } from '../graph.ts';
import { gravity } from '../model/gravity.ts';
import { changesBetween, type Change, type HealthById } from '../model/changes.ts';
import type { Replayed } from './replayed.ts';
import { codesAt, statusAt, STATUS_OF, type Timeline } from './timeline.ts';
import { trafficAt, type Traffic } from './traffic.ts';

function healthAt(timeline: Timeline, row: number): HealthById {
  const codes = codesAt(timeline, row);
  return new Map(timeline.ids.map((id, index) => [id, { status: STATUS_OF[codes[index]] }]));
}

/** Of what the timeline tells of. */
function healthNow({ indexOf }: Timeline, { nodes }: Graph): HealthById {
  const known = nodes.filter(({ id }) => indexOf.has(id));
  return new Map(known.map(({ id, status = 'unknown' }) => [id, { status }]));
}

export interface Comparison {
  readonly pinnedRow: number;
  /** Of the timeline; undefined: now. */
  readonly row: number | undefined;
}

/** From the earlier of the two times to the later. `now` is needed only to compare with it. */
export function changesOf(
  timeline: Timeline,
  now: Graph | undefined,
  { pinnedRow, row }: Comparison,
): readonly Change[] {
  const pinned = healthAt(timeline, pinnedRow);
  if (row === undefined) return now === undefined ? [] : changesBetween(pinned, healthNow(timeline, now));
  const other = healthAt(timeline, row);
  return row >= pinnedRow ? changesBetween(pinned, other) : changesBetween(other, pinned);
}

const isBad = (status: Status | undefined): boolean => gravity(status) > gravity('unknown');

interface ReplayedParts {
  readonly timeline: Timeline;
  readonly row: number;
  readonly traffic: Traffic | undefined;
  readonly changed: ReadonlySet<string> | undefined;
}

/** An edge tells of its traffic or, as the live one does, of what it leads to, whichever is graver. */
function replayedAt({ timeline, row, traffic, changed }: ReplayedParts): Replayed {
  const atMs = timeline.times[row];
  return {
    atMs,
    statusOf: (id) => statusAt(timeline, row, id),
    edgeStatusOf: (_, sourceId, targetId) => {
      const behind = statusAt(timeline, row, targetId);
      const own = traffic === undefined ? 'unknown' : trafficAt(traffic, [sourceId, targetId], atMs);
      return isBad(behind) && gravity(behind) > gravity(own) ? behind : own;
    },
    ...(changed !== undefined && { changed }),
  };
}

/** Hands the time that is looked at to the panel, and takes it back when nobody looks any more. */
export function useReplayed(
  {
    timeline,
    row,
    traffic,
    changes,
  }: {
    readonly timeline: Timeline;
    readonly row: number | undefined;
    readonly traffic: Traffic | undefined;
    readonly changes: readonly Change[] | undefined;
  },
  onReplay: (replayed: Replayed | undefined) => void,
): void {
  const changed = useMemo(() => changes && new Set(changes.map(({ id }) => id)), [changes]);
  const replayed = useMemo(
    () => (row === undefined ? undefined : replayedAt({ timeline, row, traffic, changed })),
    [timeline, row, traffic, changed],
  );
  useEffect(() => onReplay(replayed), [replayed, onReplay]);
  useEffect(() => () => onReplay(undefined), [onReplay]);
}
