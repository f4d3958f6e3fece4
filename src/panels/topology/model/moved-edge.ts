import type { Status } from '@topdeck/protocol';
import type { Detail, GraphEdge } from '../graph.ts';

/** An edge between nodes whose indices changed, its texts still unmade. */
class MovedEdge implements GraphEdge {
  readonly source: number;
  readonly target: number;
  readonly id: string;
  readonly color: string | undefined;
  readonly thickness: number | undefined;
  readonly rate: number | undefined;
  readonly status: Status | undefined;
  readonly highlighted: boolean;
  readonly dashed: boolean | undefined;
  readonly row: number;
  readonly #edge: GraphEdge;

  constructor(edge: GraphEdge, source: number, target: number) {
    this.#edge = edge;
    this.source = source;
    this.target = target;
    this.id = edge.id;
    this.color = edge.color;
    this.thickness = edge.thickness;
    this.rate = edge.rate;
    this.status = edge.status;
    this.highlighted = edge.highlighted;
    this.dashed = edge.dashed;
    this.row = edge.row;
  }

  get main(): string {
    return this.#edge.main;
  }

  get secondary(): string {
    return this.#edge.secondary;
  }

  get details(): readonly Detail[] {
    return this.#edge.details;
  }
}

export const movedEdge = (edge: GraphEdge, source: number, target: number): GraphEdge =>
  edge.source === source && edge.target === target ? edge : new MovedEdge(edge, source, target);
