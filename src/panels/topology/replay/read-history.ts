import type { DataFrame } from '@grafana/data';
import { STATUSES } from '@topdeck/protocol';
import type { DiagnosticsSource } from '../../../ui/source.ts';
import type { Graph } from '../graph.ts';
import { gravity } from '../model/gravity.ts';
import { rangeOf, type Span } from './span.ts';
import { everBad, type Timeline } from './timeline.ts';
import { TRAFFIC_METRICS, trafficOf, type Traffic } from './traffic.ts';

/** Ids of one query. */
const CHUNK = 500;
/** What one browser reads the history of. */
export const MAX_SERVICES = 5_000;
/** Edges of one query, and those of how many services it is asked for. */
export const MAX_EDGES = 500;
const MAX_BAD = 200;
/** An answer has about 200 rows; two of them make the steps half as long. */
const PARTS = 2;
/** Shorter ranges have rows enough in one answer. */
const MIN_PART_MS = 5 * 60_000;

export interface Asked {
  readonly source: DiagnosticsSource;
  readonly signal: AbortSignal;
}

/** What the history is read of: all, or those that fare worst now where there are too many. */
export function idsToRead({ nodes }: Graph): readonly string[] {
  if (nodes.length <= MAX_SERVICES) return nodes.map(({ id }) => id);
  const worst = [...nodes].sort((a, b) => gravity(b.status) - gravity(a.status));
  return worst.slice(0, MAX_SERVICES).map(({ id }) => id);
}

function partsOf({ fromMs, toMs }: Span): readonly Span[] {
  if (toMs - fromMs < PARTS * MIN_PART_MS) return [{ fromMs, toMs }];
  const middleMs = Math.round((fromMs + toMs) / 2 / 60_000) * 60_000;
  return [
    { fromMs, toMs: middleMs },
    { fromMs: middleMs, toMs },
  ];
}

/** One request a chunk and part, chunk by chunk: an answer of all at once would hold the page up while it is parsed. */
export async function readStatuses(
  ids: readonly string[],
  span: Span,
  { source, signal }: Asked,
): Promise<readonly DataFrame[]> {
  const frames: DataFrame[] = [];
  for (let start = 0; start < ids.length; start += CHUNK) {
    const chunk = ids.slice(start, start + CHUNK);
    const query = {
      queryType: 'health-history',
      value: 'status_code',
      filter: { ids: chunk },
      limit: chunk.length,
      format: 'table',
    } as const;
    const answers = await Promise.all(partsOf(span).map((part) => source.query([query], rangeOf(part), signal)));
    frames.push(...answers.flat());
  }
  return frames;
}

export async function readEvents(span: Span, { source, signal }: Asked): Promise<DataFrame | undefined> {
  // Of all kinds of events, only changes of health have a status.
  const filter = { statuses: [...STATUSES] };
  const query = { queryType: 'events', filter, limit: 1_000, format: 'table' } as const;
  const [frame] = await source.query([query], rangeOf(span), signal);
  return frame;
}

/** Whose edges are asked for; undefined: all, for there are few enough of them. */
export function servicesOfEdges(timeline: Timeline, { edges }: Graph): readonly string[] | undefined {
  if (edges.length <= MAX_EDGES) return undefined;
  return everBad(timeline)
    .slice(0, MAX_BAD)
    .map((index) => timeline.ids[index]);
}

/**
 * Traffic on edges, of large graphs only on those of services that were not healthy all the time. A metric that the system
 * does not have takes nothing from the others; rejects where none can be read.
 */
export async function readTraffic(
  services: readonly string[] | undefined,
  span: Span,
  { source, signal }: Asked,
): Promise<Traffic> {
  if (services?.length === 0) return new Map();
  const common = { queryType: 'metric', scope: 'edge', limit: MAX_EDGES, format: 'table' } as const;
  const filter = services && { ids: [...services] };
  const answers = await Promise.allSettled(
    TRAFFIC_METRICS.map((metric) =>
      source.query([{ ...common, metric, ...(filter && { filter }) }], rangeOf(span), signal),
    ),
  );
  signal.throwIfAborted();
  const [first] = answers;
  if (first.status === 'rejected' && answers.every(({ status }) => status === 'rejected')) throw first.reason;
  return trafficOf(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value[0] : undefined)));
}

/** What the data source warns of, each once. */
export function warningsOf(frames: readonly (DataFrame | undefined)[]): readonly string[] {
  const notices = frames.flatMap((frame) => frame?.meta?.notices ?? []);
  return [...new Set(notices.filter(({ severity }) => severity !== 'info').map(({ text }) => text))];
}
