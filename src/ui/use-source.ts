import { useMemo } from 'react';
import type { PanelData } from '@grafana/data';
import { config, getDataSourceSrv } from '@grafana/runtime';
import type { DataSourceRef } from '@grafana/schema';
import { useClock } from './clock.ts';
import { GrafanaSource } from './grafana-source.ts';
import { DATA_SOURCE_TYPE, type DiagnosticsSource } from './source.ts';

type Reference = DataSourceRef | null | undefined;

/** A reference may name a variable, or no type. */
function uidOf(reference: Reference, scopedVars: NonNullable<PanelData['request']>['scopedVars']): string | undefined {
  if (reference?.uid === undefined) return undefined;
  if (!reference.uid.includes('$') && reference.type !== undefined) {
    return reference.type === DATA_SOURCE_TYPE ? reference.uid : undefined;
  }
  const settings = getDataSourceSrv().getInstanceSettings(reference, scopedVars);
  return settings?.type === DATA_SOURCE_TYPE ? settings.uid : undefined;
}

/** The uid of the first of this project's data sources that the panel's queries name. */
export function sourceUid({ request }: Pick<PanelData, 'request'>): string | undefined {
  if (request === undefined) return undefined;
  const ofRequest = (request as { readonly datasource?: Reference }).datasource;
  return [...request.targets.map(({ datasource }) => datasource), ofRequest]
    .map((reference) => uidOf(reference, request.scopedVars))
    .find((uid) => uid !== undefined);
}

/**
 * Where the panel's data comes from; undefined where that is not this project's data source. The same object as long as it
 * is the same data source.
 */
export function useDiagnosticsSource(data: PanelData): DiagnosticsSource | undefined {
  const clock = useClock();
  const uid = sourceUid(data);
  return useMemo(() => {
    // For viewers of a public dashboard, the server runs the saved queries and no others.
    if (uid === undefined || config.publicDashboardAccessToken) return undefined;
    return new GrafanaSource(uid, clock);
  }, [uid, clock]);
}
