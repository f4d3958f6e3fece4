import { locationUtil, toURLRange, urlUtil, type TimeRange } from '@grafana/data';
import { config } from '@grafana/runtime';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { DATA_SOURCE_TYPE, refIdOf } from './source.ts';

const EXPLORE_PERMISSION = 'datasources:explore';

/** Whether there is an Explore here, and this person may open it. */
export const mayExplore = (): boolean =>
  config.exploreEnabled && config.bootData?.user?.permissions?.[EXPLORE_PERMISSION] === true;

export interface ExploreTarget {
  /** Of the data source. */
  readonly uid: string;
  readonly queries: readonly DiagnosticsQuery[];
  readonly range: TimeRange;
}

/** Address of Explore with these queries in one pane. */
export function exploreUrl({ uid, queries, range }: ExploreTarget): string {
  const pane = {
    datasource: uid,
    queries: queries.map((query, index) => ({
      ...query,
      refId: refIdOf(index),
      datasource: { uid, type: DATA_SOURCE_TYPE },
    })),
    range: toURLRange(range.raw),
  };
  const address = urlUtil.renderUrl('/explore', { schemaVersion: 1, panes: JSON.stringify({ pane }) });
  return locationUtil.assureBaseUrl(address);
}
