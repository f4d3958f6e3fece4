import { useEffect, useMemo, useRef, useState } from 'react';
import {
  applyFieldOverrides,
  compareArrayValues,
  compareDataFrameStructures,
  CoreApp,
  FieldConfigOptionsRegistry,
  LoadingState,
  rangeUtil,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  type FieldConfigSource,
  type PanelData,
  type RawTimeRange,
  type TimeRange,
} from '@grafana/data';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { useTheme2 } from '@grafana/ui';
import { from } from 'rxjs';
import { useClock } from '../../ui/clock.ts';
import { DATA_SOURCE_TYPE } from '../../ui/source.ts';
import { interpolate } from './interpolate.ts';
import type { Query } from './query.ts';

const MAX_DATA_POINTS = 500;
const REGISTRY = new FieldConfigOptionsRegistry();

interface Answered {
  readonly response: DataQueryResponse;
  readonly range: TimeRange;
  readonly structureRev: number;
}

interface Asking {
  readonly id: number;
  readonly queries: readonly DiagnosticsQuery[];
  readonly dataSource: DataSourceApi<Query>;
}

function requestFor({ id, queries, dataSource }: Asking, range: TimeRange, nowMs: number) {
  const { interval, intervalMs } = rangeUtil.calculateInterval(range, MAX_DATA_POINTS, '1s');
  return {
    app: CoreApp.Dashboard,
    requestId: `hosted-${id}-${nowMs}`,
    panelId: id,
    range,
    rangeRaw: range.raw,
    interval,
    intervalMs,
    maxDataPoints: MAX_DATA_POINTS,
    timezone: 'browser',
    startTime: nowMs,
    scopedVars: {},
    targets: queries.map((query, index) => ({
      ...query,
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: { uid: dataSource.uid, type: DATA_SOURCE_TYPE },
    })),
  } satisfies DataQueryRequest<Query>;
}

const isSameStructure = (a: readonly DataFrame[], b: readonly DataFrame[]): boolean =>
  compareArrayValues([...a], [...b], compareDataFrameStructures);

export interface PanelQueries extends Asking {
  readonly rawRange: RawTimeRange;
  readonly fieldConfig: FieldConfigSource;
}

/** Runs a panel's queries and keeps on with them, as a dashboard does: the newest answer with its fields ready to be shown. */
export function usePanelData({ id, queries, dataSource, rawRange, fieldConfig }: PanelQueries): PanelData {
  const theme = useTheme2();
  const clock = useClock();
  const [answered, setAnswered] = useState<Answered | undefined>();
  const request = useMemo(
    () => requestFor({ id, queries, dataSource }, rangeUtil.convertRawToRange(rawRange), clock.nowMs()),
    [id, queries, dataSource, rawRange, clock],
  );
  const before = useRef<readonly DataFrame[]>([]);
  const structure = useRef(0);
  useEffect(() => {
    const subscription = from(dataSource.query(request)).subscribe((response) => {
      const frames = response.data as DataFrame[];
      if (!isSameStructure(before.current, frames)) structure.current += 1;
      before.current = frames;
      const range = rangeUtil.convertRawToRange(rawRange);
      setAnswered({ response, range, structureRev: structure.current });
    });
    return () => subscription.unsubscribe();
  }, [dataSource, request, rawRange]);
  return useMemo((): PanelData => {
    if (answered === undefined) return { state: LoadingState.Loading, series: [], request, timeRange: request.range };
    const { response, range, structureRev } = answered;
    const { state = LoadingState.Done, errors = [] } = response;
    const series = applyFieldOverrides({
      data: response.data as DataFrame[],
      fieldConfig,
      fieldConfigRegistry: REGISTRY,
      replaceVariables: interpolate,
      theme,
      timeZone: 'browser',
    });
    const failure = errors.length > 0 ? { errors, error: errors[0] } : {};
    return { state, series, structureRev, request, timeRange: range, ...failure };
  }, [answered, request, fieldConfig, theme]);
}
