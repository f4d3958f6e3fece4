import { field, type Frame, type Notice } from '@topdeck/grafana-plugin-sdk/frames';
import {
  eventResources,
  type DiagnosticsEvent,
  type EventMessage,
  type HistoryEvent,
  type Snapshot,
} from '@topdeck/protocol';
import type { QueryFilter } from '@topdeck/protocol/grafana';
import { bodyOf, historyLine, labelsOf, severityOf, type EventLine } from './event-lines.ts';
import { select } from './filter.ts';
import { servicesById } from './graph.ts';
import type { Extras, FrameInput, QueryTypeEntry, ReadRequest } from './query-type.ts';

const DEFAULT_LIMIT = 1_000;
/** The most that one answer of the bridge holds. */
const PAGE = 1_000;
/** A filter that lets little through must not read all of a long history. */
const MAX_PAGES = 20;

type EventTest = (event: DiagnosticsEvent) => boolean;

/**
 * Resources as for edges. Statuses choose changes of health by the new status, severities and scores choose anomalies,
 * abnormal_only chooses traffic; kinds that none of the given ones is about are left out, and without any all pass.
 */
function eventTest(filter: QueryFilter = {}, snapshot: Snapshot): EventTest {
  const { statuses = [], severities = [], min_score, abnormal_only = false, ...ofResources } = filter;
  const selection = select(ofResources, snapshot);
  const ofAnomalies = select({ severities, ...(min_score !== undefined && { min_score }) }, snapshot);
  const aboutAnomalies = severities.length > 0 || min_score !== undefined;
  const everyKind = statuses.length === 0 && !aboutAnomalies && !abnormal_only;
  const kindPasses: EventTest = (event) => {
    if (everyKind) return true;
    switch (event.type) {
      case 'health_change':
        return statuses.includes(event.data.new_status);
      case 'anomaly_detected':
        return aboutAnomalies && ofAnomalies.anomaly(event.data);
      case 'anomaly_resolved':
        // The end of an anomaly does not repeat its score.
        return aboutAnomalies && (severities.length === 0 || severities.includes(event.data.severity));
      case 'traffic_anomaly':
        return abnormal_only;
    }
  };
  return (event) => {
    const [first, second] = eventResources(event);
    return kindPasses(event) && selection.edge(first, second ?? first);
  };
}

/** Page by page, newest first, until there are as many as the query shows. */
async function read({ query, snapshot, range, reads, signal }: ReadRequest): Promise<Extras> {
  if (range.fromMs >= range.toMs) return { events: [] };
  const passes = eventTest(query.filter, snapshot);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const only = query.filter?.ids?.length === 1 ? { resource_id: query.filter.ids[0] } : {};
  const span = { since: new Date(range.fromMs).toISOString(), until: new Date(range.toMs).toISOString() };
  const events: HistoryEvent[] = [];
  let before: { before_id?: number } = {};
  for (let page = 0; page < MAX_PAGES && events.length <= limit; page += 1) {
    const found = await reads.events({ ...span, ...only, ...before, limit: PAGE }, signal);
    events.push(
      ...found.filter((entry) => {
        const line = historyLine(entry);
        return line === undefined || passes(line.event);
      }),
    );
    const last = found.at(-1);
    if (last === undefined || found.length < PAGE) break;
    before = { before_id: last.id };
  }
  return { events };
}

function linesFrame(lines: readonly EventLine[], snapshot: Snapshot, notices: readonly Notice[]): Frame {
  const services = servicesById(snapshot);
  const nameOf = (id: string): string => services.get(id)?.resource_name ?? id;
  const labels = labelsOf(snapshot);
  return {
    name: 'events',
    meta: {
      type: 'log-lines',
      typeVersion: [0, 0],
      preferredVisualisationType: 'logs',
      ...(notices.length > 0 && { notices }),
    },
    fields: [
      field.time(
        'timestamp',
        lines.map(({ atMs }) => atMs),
      ),
      field.string(
        'body',
        lines.map(({ event }) => bodyOf(event, nameOf)),
      ),
      field.string(
        'severity',
        lines.map(({ event }) => severityOf(event)),
      ),
      field.string(
        'id',
        lines.map(({ id }) => id),
      ),
      field.json(
        'labels',
        lines.map(({ event }) => labels(event)),
      ),
    ],
  };
}

/** Oldest first, for a stream adds at the end and drops from the beginning. Without rows it keeps its columns. */
function frames({ query, received: { snapshot }, extras }: FrameInput): readonly Frame[] {
  const passes = eventTest(query.filter, snapshot);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const read = (extras.events ?? []).map(historyLine);
  const passing = read.filter((line): line is EventLine => line !== undefined && passes(line.event));
  const lines = passing.toSorted((a, b) => a.atMs - b.atMs || numberOf(a) - numberOf(b)).slice(-limit);
  const unread = read.filter((line) => line === undefined).length;
  const notices: Notice[] = [];
  if (lines.length < passing.length) {
    notices.push({
      severity: 'warning',
      text: `Showing the newest ${lines.length} events; there are more. Narrow the filter or raise the limit.`,
    });
  }
  if (unread > 0) notices.push({ severity: 'warning', text: `${unread} events of another version could not be read.` });
  return [linesFrame(lines, snapshot, notices)];
}

const numberOf = ({ id }: EventLine): number => Number(id.slice(1));

function appended({ query, received: { snapshot } }: FrameInput, message: EventMessage | undefined): Frame | undefined {
  if (message === undefined) return undefined;
  const { type, timestamp, data, epoch = '', seq = 0 } = message;
  const atMs = Date.parse(timestamp);
  const event = { type, atMs, data } as DiagnosticsEvent;
  if (Number.isNaN(atMs) || !eventTest(query.filter, snapshot)(event)) return undefined;
  // The same event read from the history has another id, which is given only when it is stored.
  return linesFrame([{ atMs, id: `${epoch}.${seq}`, event }], snapshot, []);
}

export const eventsEntry: QueryTypeEntry = { read, frames, live: { action: 'append', parts: ['main'] }, appended };
