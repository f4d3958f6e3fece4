import type { DataFrame } from '@grafana/data';
import { numberAt, rowsOf, textAt, valueAt } from '../frame.ts';
import { refIdOf } from '../source.ts';
import { healthOf, severityOf, worstSeverityFirst, type Health } from '../status.ts';
import type { AnomalyDetails, Details, EdgeDetails, MetricNow } from './details.ts';
import { STATE_PARTS, type StatePart } from './queries.ts';
import { DOWNSTREAM, readNeighbours, UPSTREAM } from './read-neighbours.ts';
import { namedNumber, readServices } from './read-services.ts';
import type { Subject } from './subject.ts';

type StateFrames = Readonly<Partial<Record<StatePart, DataFrame>>>;
type EdgeSubject = Extract<Subject, { kind: 'edge' }>;

function readAnomalies(frame: DataFrame | undefined): AnomalyDetails[] {
  return rowsOf(frame)
    .map((row) => ({
      id: textAt(frame, 'alert_id', row) ?? `${row}`,
      resourceId: textAt(frame, 'resource_id', row) ?? '',
      targetId: textAt(frame, 'target_id', row),
      resourceName: textAt(frame, 'resource_name', row) ?? '',
      metric: textAt(frame, 'metric_name', row) ?? '',
      severity: severityOf(textAt(frame, 'severity', row)) ?? 'low',
      message: textAt(frame, 'message', row) ?? '',
      causes: textAt(frame, 'potential_causes', row),
      sinceMs: numberAt(frame, 'detected_at', row),
    }))
    .sort((a, b) => worstSeverityFirst(a.severity, b.severity) || (b.sinceMs ?? 0) - (a.sinceMs ?? 0));
}

const edgeRow = (frame: DataFrame | undefined, { sourceId, targetId }: EdgeSubject): number =>
  rowsOf(frame).find(
    (row) => textAt(frame, 'source_id', row) === sourceId && textAt(frame, 'target_id', row) === targetId,
  ) ?? -1;

const TRAFFIC = ['request_rate', 'error_rate', 'latency_p95'] as const;

function readEdge(frames: StateFrames, subject: EdgeSubject): EdgeDetails | undefined {
  const { dependencies, failing } = frames;
  const row = edgeRow(dependencies, subject);
  if (row === -1) return undefined;
  const failure = edgeRow(failing, subject);
  const abnormal = valueAt(dependencies, 'is_abnormal', row);
  const isAbnormal = typeof abnormal === 'boolean' ? abnormal : undefined;
  const ofTraffic: Health = isAbnormal === undefined ? 'unknown' : isAbnormal ? 'degraded' : 'healthy';
  return {
    status: failure === -1 ? ofTraffic : healthOf(textAt(failing, 'target_status', failure)),
    isAbnormal,
    trend: textAt(dependencies, 'trend', row),
    metrics: TRAFFIC.map((name) => namedNumber(dependencies, name, row)).filter(
      (metric): metric is MetricNow => metric !== undefined,
    ),
    updatedMs: numberAt(dependencies, 'updated', row),
  };
}

/** Those of the edge itself, and of its ends as such: not of the other edges of its ends. */
const isOf =
  ({ sourceId, targetId }: EdgeSubject) =>
  (anomaly: AnomalyDetails): boolean =>
    anomaly.targetId === undefined || (anomaly.resourceId === sourceId && anomaly.targetId === targetId);

/** The answers to `stateQueries`. */
export function readState(answer: readonly DataFrame[], subject: Subject): Details {
  const frames: StateFrames = Object.fromEntries(
    STATE_PARTS.map((part, index) => [part, answer.find(({ refId }) => refId === refIdOf(index))]),
  );
  const services = readServices(frames.services);
  const anomalies = readAnomalies(frames.anomalies);
  const notices = frames.services?.meta?.notices ?? [];
  if (subject.kind === 'edge') {
    const edge = readEdge(frames, subject);
    return { services, edge, anomalies: anomalies.filter(isOf(subject)), downstream: [], upstream: [], notices };
  }
  const neighbours = {
    dependencies: frames.dependencies,
    failing: frames.failing,
    services: readServices(frames.neighbours),
  };
  return {
    services,
    edge: undefined,
    anomalies,
    downstream: readNeighbours(subject.id, DOWNSTREAM, neighbours),
    upstream: readNeighbours(subject.id, UPSTREAM, neighbours),
    notices,
  };
}
