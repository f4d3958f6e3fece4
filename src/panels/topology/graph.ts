import type { DataFrame } from '@grafana/data';
import type { Status } from '@topdeck/protocol';
import type { Mark } from './draw/scene.ts';

/** A section of a node's ring. */
export interface Arc {
  /** From [0, 1]. */
  readonly share: number;
  /** CSS colour. */
  readonly color: string;
  readonly label: string;
}

/** A number or text of a node or an edge, as it is shown. */
export interface Detail {
  readonly key: string;
  readonly label: string;
  readonly text: string;
  readonly value: unknown;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface GraphNode {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  /** undefined: the frame tells no health. That is another thing than `unknown`, which says that nobody knows it. */
  readonly status: Status | undefined;
  /** CSS colour of the frame, or of the status. */
  readonly color: string | undefined;
  /** Name of one of Grafana's icons. */
  readonly icon: string | undefined;
  readonly main: string;
  readonly secondary: string;
  readonly arcs: readonly Arc[];
  /** fixedx, fixedy; undefined where the frame has none. */
  readonly place: Place | undefined;
  readonly mark: Mark;
  readonly highlighted: boolean;
  readonly details: readonly Detail[];
  /** Row of the frame of nodes, for its data links; −1 of a node that others were collapsed into. */
  readonly row: number;
  /** Ids that were collapsed into it; undefined of a node of the frame. */
  readonly members?: readonly string[];
}

export interface GraphEdge {
  readonly id: string;
  /** Indices into `nodes`. */
  readonly source: number;
  readonly target: number;
  readonly color: string | undefined;
  /** Pixels. */
  readonly thickness: number | undefined;
  readonly main: string;
  readonly secondary: string;
  /** Requests a second, where the frame tells it. */
  readonly rate: number | undefined;
  /** What is wrong with it or with what it leads to; undefined where the frame tells nothing. */
  readonly status: Status | undefined;
  readonly highlighted: boolean;
  /** The frame asks for a dashed line. */
  readonly dashed?: boolean;
  readonly details: readonly Detail[];
  /** Row of the frame of edges; −1 of one that stands for several. */
  readonly row: number;
}

/** The frames of one answer, read. Nothing of it changes: another answer makes another graph. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly frames: { readonly nodes: DataFrame; readonly edges: DataFrame | undefined };
  /** Edges of which the frame of nodes lacks an end, which are left out. */
  readonly droppedEdges: number;
}
