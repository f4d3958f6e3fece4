import type { AnomalyAlert, DiagnosticsEvent, MetricSpec, Severity, Topology } from '@topdeck/protocol';
import { formatValue, shortHash } from './alert-text.ts';
import type { ColumnView, Detector } from './detectors/detector.ts';
import type { GateState } from './gate.ts';
import type { Remap } from './series-state.ts';
import { deviationPercent, severityOf } from './severity.ts';

/** What may be behind an anomaly. */
export interface Cause {
  /** Resource; of an edge, the one that it leads to. */
  readonly id: string;
  readonly text: string;
}

/** One open anomaly: there are few, so each has an object. */
export interface OpenAnomaly {
  readonly alertId: string;
  readonly spec: MetricSpec;
  /** Index into resources or dependencies, by the scope of the metric; moves with the topology. */
  index: number;
  readonly sinceMs: number;
  readonly detectedAt: string;
  current: number;
  expected: number;
  score: number;
  /** The values are calm again, but not yet for long enough to close. */
  calming: boolean;
  severity: Severity;
  /** Position of the detector that gives score, expected value and words. */
  detector: number;
  /** Renewed only on transitions, so that text stays still while values move. */
  message: string;
  spokenValue: number;
  causes: readonly Cause[];
}

/** Another detector takes over the words only when it is clearly stronger. */
const TAKEOVER_MARGIN = 0.05;
/** The message is renewed when the value has moved by more than this share of the one it names. */
const RESTATE_CHANGE = 0.25;

/** One column after its detectors have judged. */
export interface JudgedColumn {
  readonly position: number;
  readonly view: ColumnView;
  /** Per detector, undefined where it does not watch this metric. */
  readonly gates: readonly (GateState | undefined)[];
  /** Per detector: indices of the open series, ascending. */
  readonly open: readonly (readonly number[])[];
}

export const entityOf = (
  spec: MetricSpec,
  index: number,
  topology: Topology,
): { resource_id: string; target_id?: string } => {
  if (spec.scope === 'service') return { resource_id: (topology.resources[index] as { id: string }).id };
  const edge = topology.dependencies[index];
  return { resource_id: edge.source, target_id: edge.target };
};

/** `payments`, or `checkout → payments` for an edge. */
export function entityName(spec: MetricSpec, index: number, topology: Topology): string {
  const name = (resource: number): string => (topology.resources[resource] as { name: string }).name;
  if (spec.scope === 'service') return name(index);
  return `${name(topology.edgeSource[index])} → ${name(topology.edgeTarget[index])}`;
}

function resolvedEvent(anomaly: OpenAnomaly, topology: Topology, atMs: number): DiagnosticsEvent {
  return {
    type: 'anomaly_resolved',
    atMs,
    data: {
      alert_id: anomaly.alertId,
      ...entityOf(anomaly.spec, anomaly.index, topology),
      metric_name: anomaly.spec.name,
      severity: anomaly.severity,
      duration_s: Math.max(0, (atMs - anomaly.sinceMs) / 1000),
    },
  };
}

const activeGates = ({ gates }: JudgedColumn, index: number): GateState[] =>
  gates.filter((own) => own !== undefined).filter((own) => own.active[index] === 1);

/** old index → new index */
function newIndices(remap: Remap): Map<number, number> {
  const moved = new Map<number, number>();
  for (let i = 0; i < remap.length; i += 1) if (remap[i] >= 0) moved.set(remap[i], i);
  return moved;
}

/** The open anomalies: one for each series that any detector holds open, whatever the number of detectors and ticks. */
export class AnomalyBook {
  readonly #detectors: readonly Detector[];
  /** Per column, by series index. */
  #open: Map<number, OpenAnomaly>[];
  /** Opened since the last `takeOpened`. */
  #opened: OpenAnomaly[] = [];
  #departed: { readonly anomaly: OpenAnomaly; readonly topology: Topology }[] = [];

  constructor(columnCount: number, detectors: readonly Detector[]) {
    this.#detectors = detectors;
    this.#open = Array.from({ length: columnCount }, () => new Map<number, OpenAnomaly>());
  }

  /** Resolves, updates and opens the anomalies of one column; appends an event for each that is resolved. */
  update(column: JudgedColumn, tick: { topology: Topology; atMs: number }, events: DiagnosticsEvent[]): void {
    const { topology, atMs } = tick;
    const { values } = column.view;
    const open = this.#open[column.position];
    for (const [index, anomaly] of open) {
      if (activeGates(column, index).length > 0) continue;
      open.delete(index);
      events.push(resolvedEvent(anomaly, topology, atMs));
    }
    for (const index of new Set(column.open.flat())) {
      const present = open.get(index);
      if (present !== undefined) this.#refresh(present, column);
      // What opened while the engine only learnt may be unknown or about to close now: it is told while it lasts.
      else if (activeGates(column, index).some((gates) => gates.calm[index] === 0 && Number.isFinite(values[index]))) {
        const anomaly = this.#start(column, index, topology);
        open.set(index, anomaly);
        this.#opened.push(anomaly);
      }
    }
  }

  /** Moves to a new topology; anomalies of entities that left it are resolved with the next `takeDeparted`. */
  remap(old: Topology, remaps: { service: Remap; edge: Remap }): void {
    const moves = { service: newIndices(remaps.service), edge: newIndices(remaps.edge) };
    this.#open = this.#open.map((open) => {
      const next = new Map<number, OpenAnomaly>();
      for (const [index, anomaly] of open) {
        const moved = moves[anomaly.spec.scope].get(index);
        if (moved === undefined) this.#departed.push({ anomaly, topology: old });
        else {
          anomaly.index = moved;
          next.set(moved, anomaly);
        }
      }
      return next;
    });
  }

  /** Events for the anomalies opened since the last call, once; each with the whole alert, so causes must be named before. */
  takeOpened(topology: Topology, atMs: number): DiagnosticsEvent[] {
    const opened = this.#opened;
    this.#opened = [];
    return opened.map((anomaly) => {
      const description = `${entityName(anomaly.spec, anomaly.index, topology)}: ${anomaly.message}`;
      return { type: 'anomaly_detected', atMs, data: { ...this.toAlert(anomaly, topology), description } };
    });
  }

  /** Events for the anomalies whose entities left the topology, once. */
  takeDeparted(atMs: number): DiagnosticsEvent[] {
    const events = this.#departed.map(({ anomaly, topology }) => resolvedEvent(anomaly, topology, atMs));
    this.#departed = [];
    return events;
  }

  ofColumn(position: number): ReadonlyMap<number, OpenAnomaly> {
    return this.#open[position];
  }

  all(): OpenAnomaly[] {
    return this.#open.flatMap((open) => [...open.values()]);
  }

  toAlert(anomaly: OpenAnomaly, topology: Topology): AnomalyAlert {
    const { spec, index, current, expected } = anomaly;
    const source = spec.scope === 'service' ? index : topology.edgeSource[index];
    return {
      alert_id: anomaly.alertId,
      ...entityOf(spec, index, topology),
      resource_name: (topology.resources[source] as { name: string }).name,
      severity: anomaly.severity,
      metric_name: spec.name,
      current_value: current,
      expected_value: expected,
      deviation_percentage: Math.round(deviationPercent(current, expected) * 10) / 10,
      detected_at: anomaly.detectedAt,
      message: anomaly.message,
      potential_causes: anomaly.causes.map(({ text }) => text),
      cause_ids: anomaly.causes.map(({ id }) => id),
      score: Math.round(anomaly.score * 100) / 100,
      detector: this.#detectors[anomaly.detector].name,
    };
  }

  #start(column: JudgedColumn, index: number, topology: Topology): OpenAnomaly {
    const { spec, values } = column.view;
    const sinceMs = Math.min(...activeGates(column, index).map((gates) => gates.sinceMs[index]));
    const { resource_id, target_id = '' } = entityOf(spec, index, topology);
    const detectedAt = new Date(sinceMs).toISOString();
    const anomaly: OpenAnomaly = {
      alertId: shortHash([resource_id, target_id, spec.name, detectedAt].join('|')),
      spec,
      index,
      sinceMs,
      detectedAt,
      current: values[index],
      expected: values[index],
      score: 0,
      calming: false,
      severity: 'low',
      detector: -1,
      message: '',
      spokenValue: 0,
      causes: [],
    };
    this.#refresh(anomaly, column);
    return anomaly;
  }

  #refresh(anomaly: OpenAnomaly, column: JudgedColumn): void {
    const { index } = anomaly;
    const { detector, score } = this.#strongest(column, index, anomaly.detector);
    const reference = this.#detectors[detector].reference(column.view, index);
    const value = column.view.values[index];
    if (Number.isFinite(value)) anomaly.current = value;
    if (Number.isFinite(reference)) anomaly.expected = reference;
    anomaly.score = score;
    anomaly.calming = activeGates(column, index).every((gates) => gates.calm[index] > 0);
    const severity = severityOf(score, anomaly.severity);
    const moved = Math.abs(anomaly.current - anomaly.spokenValue) > RESTATE_CHANGE * Math.abs(anomaly.spokenValue);
    const changed = severity !== anomaly.severity || detector !== anomaly.detector || moved;
    anomaly.severity = severity;
    anomaly.detector = detector;
    if (changed) this.#restate(anomaly);
  }

  /** The detector with the highest score of those that hold the series open (the present one when about equal), and that score. */
  #strongest(column: JudgedColumn, index: number, present: number): { detector: number; score: number } {
    let detector = -1;
    let [score, best] = [0, -1];
    for (const [d, gates] of column.gates.entries()) {
      if (gates === undefined || gates.active[index] === 0) continue;
      const own = gates.score[index];
      const weighed = d === present ? own + TAKEOVER_MARGIN : own;
      score = Math.max(score, own);
      if (weighed > best) [detector, best] = [d, weighed];
    }
    return { detector, score };
  }

  #restate(anomaly: OpenAnomaly): void {
    const { spec, current, expected } = anomaly;
    const reference = this.#detectors[anomaly.detector].explain(formatValue(expected, spec.unit));
    anomaly.message = `${spec.name} ${formatValue(current, spec.unit)} (${reference})`;
    anomaly.spokenValue = current;
  }
}
