import type { DataFrame } from '@grafana/data';
import { STATUSES, type Status } from '@topdeck/protocol';
import { fieldNamed } from '../../../ui/frame.ts';
import { gravity } from '../model/gravity.ts';

/** Changes of health that lie close together on the time axis. */
export interface Mark {
  /** Of the first of them. */
  readonly atMs: number;
  /** The gravest that a service changed to. */
  readonly status: Status;
}

interface HealthChange {
  readonly atMs: number;
  readonly status: Status;
}

/** From the frame of an `events` query. */
export function healthChanges(frame: DataFrame | undefined): readonly HealthChange[] {
  const times = (fieldNamed(frame, 'timestamp')?.values ?? []) as readonly number[];
  const labels = (fieldNamed(frame, 'labels')?.values ?? []) as readonly ({ readonly status?: unknown } | undefined)[];
  return times.flatMap((atMs, row) => {
    const status = STATUSES.find((word) => word === labels[row]?.status);
    return status === undefined ? [] : [{ atMs, status }];
  });
}

interface Axis {
  readonly fromMs: number;
  readonly toMs: number;
  /** Marks that there is room for. */
  readonly most: number;
}

export function marksOf(changes: readonly HealthChange[], { fromMs, toMs, most }: Axis): readonly Mark[] {
  const spanMs = toMs - fromMs;
  const marks = new Map<number, Mark>();
  for (const { atMs, status } of changes) {
    if (atMs < fromMs || atMs > toMs || spanMs <= 0) continue;
    const place = Math.min(most - 1, Math.floor(((atMs - fromMs) / spanMs) * most));
    const mark = marks.get(place);
    const isGraver = mark === undefined || gravity(status) > gravity(mark.status);
    marks.set(place, {
      atMs: mark?.atMs ?? atMs,
      status: isGraver ? status : mark.status,
    });
  }
  return [...marks.values()];
}
