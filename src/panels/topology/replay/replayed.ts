import type { TimeRange } from '@grafana/data';
import type { Status } from '@topdeck/protocol';
import type { DiagnosticsSource } from '../../../ui/source.ts';
import type { Graph } from '../graph.ts';

/** The health of another time, laid over the graph of now: what stands where stays, how it fared changes. */
export interface Replayed {
  readonly atMs: number;
  /** undefined: nothing is known of it at that time, which is drawn as unknown. */
  readonly statusOf: (nodeId: string) => Status | undefined;
  /** Of an edge of the graph by its id and the ids of its ends; without it, edges tell nothing of that time. */
  readonly edgeStatusOf?: (edgeId: string, sourceId: string, targetId: string) => Status | undefined;
  /** Nodes that fared otherwise at the time that is compared with: they stand out, the rest is dimmed. */
  readonly changed?: ReadonlySet<string>;
}

/** What the panel hands to the time slider, which it shows below the graph where there is a source to ask. */
export interface ReplaySlotProps {
  readonly source: DiagnosticsSource;
  /** Of the dashboard. */
  readonly timeRange: TimeRange;
  /** The graph of now, before filter and grouping. */
  readonly graph: Graph;
  readonly replayed: Replayed | undefined;
  /** undefined: back to now. Another object each time something of it changed. */
  readonly onReplay: (replayed: Replayed | undefined) => void;
  /** CSS pixels of the panel. */
  readonly width: number;
  /** Of the dashboard; absent: the person's. */
  readonly timeZone?: string;
  /** Selects a node and looks at it. */
  readonly onSelect?: (nodeId: string) => void;
}
