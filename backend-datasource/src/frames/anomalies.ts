import { column, type Column, type Frame } from '@topdeck/grafana-plugin-sdk/frames';
import { SEVERITIES, type AnomalyAlert, type Snapshot } from '@topdeck/protocol';
import { VALUES } from '@topdeck/protocol/grafana';
import { ageS } from './ages.ts';
import { ANOMALY_SCORE, PERCENT, SECONDS, SEVERITY_TEXT } from './display.ts';
import { select } from './filter.ts';
import { numericFrame, tableFrame, timeColumn, type Identity } from './frame-kinds.ts';
import { labelOf, servicesById } from './graph.ts';
import { labelNames } from './labels.ts';
import { chooseNumber, type Choice } from './numbers.ts';
import type { FrameInput, QueryTypeEntry } from './query-type.ts';
import { cut, freshnessNotices } from './rows.ts';

const DEFAULT_LIMIT = 1_000;
const IDENTITY = ['alert_id', 'resource_id', 'resource_name', 'target_id', 'metric_name', 'severity'] as const;
const OWN = [...IDENTITY, 'detector', 'message', 'potential_causes', 'detected_at', 'updated', ...VALUES.anomalies];

const choice = ({ received, nowMs }: FrameInput): Choice<'anomalies', AnomalyAlert> => ({
  type: 'anomalies',
  numbers: {
    score: { read: ({ score }) => score ?? null, config: ANOMALY_SCORE },
    current_value: { read: (anomaly) => anomaly.current_value },
    expected_value: { read: (anomaly) => anomaly.expected_value },
    deviation_percentage: { read: (anomaly) => anomaly.deviation_percentage, config: PERCENT },
    age_s: { read: ({ detected_at }) => ageS(detected_at, received, nowMs), config: SECONDS },
  },
});

/** Labels of the resource that an anomaly is of; of an edge, the caller's. */
function resourceLabels(snapshot: Snapshot): Identity<AnomalyAlert>[] {
  const services = servicesById(snapshot);
  return labelNames(snapshot, OWN).map(({ key, name }) => ({
    name,
    read: ({ resource_id }: AnomalyAlert) => labelOf(services.get(resource_id), key),
  }));
}

function tableColumns(input: FrameInput): Column<AnomalyAlert>[] {
  const { snapshot } = input.received;
  const { numbers } = choice(input);
  const number = (name: keyof typeof numbers): Column<AnomalyAlert> => {
    const { read, config } = numbers[name];
    return column.nullable.float64(name, read, config && { config });
  };
  return [
    column.string('severity', (anomaly) => anomaly.severity, { config: SEVERITY_TEXT }),
    column.string('resource_name', (anomaly) => anomaly.resource_name),
    column.string('metric_name', (anomaly) => anomaly.metric_name),
    column.string('message', (anomaly) => anomaly.message),
    ...VALUES.anomalies.map(number),
    timeColumn('detected_at', (anomaly) => anomaly.detected_at),
    column.string('potential_causes', (anomaly) => anomaly.potential_causes.join(', ')),
    column.string('resource_id', (anomaly) => anomaly.resource_id),
    column.nullable.string('target_id', (anomaly) => anomaly.target_id ?? null),
    column.nullable.string('detector', (anomaly) => anomaly.detector ?? null),
    column.string('alert_id', (anomaly) => anomaly.alert_id),
    ...resourceLabels(snapshot).map(({ name, read }) =>
      column.nullable.string<AnomalyAlert>(name, (anomaly) => read(anomaly) ?? null),
    ),
    timeColumn('updated', () => snapshot.timestamp),
  ];
}

function frames(input: FrameInput): readonly Frame[] {
  const { query, format, keepFields = false } = input;
  const { snapshot } = input.received;
  const number = chooseNumber(choice(input), query.value);
  const selection = select(query.filter, snapshot);
  const passing = snapshot.anomalies.filter(
    (anomaly) =>
      selection.anomaly(anomaly) && selection.edge(anomaly.resource_id, anomaly.target_id ?? anomaly.resource_id),
  );
  const { rows, notices } = cut(passing, {
    limit: query.limit ?? DEFAULT_LIMIT,
    what: 'anomalies',
    urgency: ({ severity }) => SEVERITIES.indexOf(severity),
  });
  const common = { name: 'anomalies', rows, notices: [...freshnessNotices(snapshot), ...notices] };
  if (format === 'table') return [tableFrame({ ...common, columns: tableColumns(input) })];
  const identity = [
    ...IDENTITY.map((name) => ({ name, read: (anomaly: AnomalyAlert) => anomaly[name] })),
    ...resourceLabels(snapshot),
  ];
  return [numericFrame({ ...common, identity, number, keepFields })];
}

export const anomaliesEntry: QueryTypeEntry = { frames, live: { action: 'replace', parts: ['main'] } };
