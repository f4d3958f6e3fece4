import type { DataFrame, PanelData, TimeRange } from '@grafana/data';
import type { ConnectionInfo, DiagnosticsQuery } from '@topdeck/protocol/grafana';

export const DATA_SOURCE_TYPE = 'topdeck-livediagnostics-datasource';

/**
 * What a panel asks its data source besides its own query: the details of what was clicked. There is one only where the
 * panel's data comes from this project's data source; a topology of another one has no such details.
 */
export interface DiagnosticsSource {
  readonly uid: string;
  /**
   * One answer, not live; the frames of query i have the refId `refIdOf(i)`. Rejects with an Error whose message is for
   * people when any of the queries failed, and with the signal's reason when that is aborted.
   */
  query(queries: readonly DiagnosticsQuery[], range: TimeRange, signal: AbortSignal): Promise<readonly DataFrame[]>;
  /** Reads topology and metrics anew, as the protocol's get_snapshot; rejects as `query` does. */
  refresh(): Promise<void>;
  connection(): Promise<ConnectionInfo>;
}

export const refIdOf = (index: number): string => `Q${index}`;

/** Where the data of a panel comes from, as its request says. */
export type SourceOf = (data: PanelData) => DiagnosticsSource | undefined;
