import type { DataFrame } from '@grafana/data';
import type { LiveMark } from '@topdeck/protocol/grafana';

/** How a frame goes on, as the executable has marked it; undefined for one that does not. */
export function liveMarkOf(frame: DataFrame): LiveMark['live'] | undefined {
  const live = (frame.meta?.custom as Partial<LiveMark> | undefined)?.live;
  return typeof live?.path === 'string' ? live : undefined;
}
