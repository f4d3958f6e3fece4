import { t } from '@grafana/i18n';
import { useMemo } from 'react';
import { useClock } from '../../../ui/clock.ts';
import { useReading, type Reading } from '../../../ui/detail/use-reading.ts';
import { faultText } from '../../../ui/faults.ts';
import type { DiagnosticsSource } from '../../../ui/source.ts';
import type { Graph } from '../graph.ts';
import { useLatest } from '../state/use-latest.ts';
import { healthChanges } from './marks.ts';
import { idsToRead, readEvents, readStatuses, readTraffic, servicesOfEdges, warningsOf } from './read-history.ts';
import type { SpanReader } from './span.ts';
import { tailFromMs, timelineOf, withTail, type Timeline } from './timeline.ts';
import type { Traffic } from './traffic.ts';

export interface History {
  readonly timeline: Timeline;
  readonly events: ReturnType<typeof healthChanges>;
  /** Nodes whose history was not read, since there are too many. */
  readonly leftOut: number;
  /** What was read only in part, for people. */
  readonly notes: readonly string[];
}

interface Sources {
  readonly source: DiagnosticsSource;
  readonly span: SpanReader;
  readonly graph: Graph;
}

/** Series are long and change slowly: their newest values are worth no reading of all of them at each round. */
const TRAFFIC_MS = 30_000;

const isOfSame = ({ indexOf }: Timeline, ids: readonly string[]): boolean =>
  ids.length === indexOf.size && ids.every((id) => indexOf.has(id));

/** Marks help to find something; without them the rest is as good. */
async function eventsOrNote(...asked: Parameters<typeof readEvents>) {
  try {
    return { frame: await readEvents(...asked), notes: [] };
  } catch (fault) {
    asked[1].signal.throwIfAborted();
    const text = t('topology.replay.no-events', 'Events could not be read: {{reason}}', { reason: faultText(fault) });
    return { frame: undefined, notes: [text] };
  }
}

/** The whole range first, then what has come since. */
function historyReader({ source, span }: Omit<Sources, 'graph'>, graphNow: () => Graph) {
  let last: History | undefined;
  return async (signal: AbortSignal): Promise<History> => {
    const asked = { source, signal };
    const graph = graphNow();
    const ids = idsToRead(graph);
    const known = last !== undefined && isOfSame(last.timeline, ids) ? last : undefined;
    if (known !== undefined && !span.isMoving) return known;
    const range = span.now();
    const hasTail = known !== undefined && known.timeline.times.length > 1;
    const fromMs = hasTail ? tailFromMs(known.timeline) : range.fromMs;
    const [frames, events] = await Promise.all([
      readStatuses(ids, { ...range, fromMs }, asked),
      eventsOrNote(range, asked),
    ]);
    last = {
      timeline: hasTail ? withTail(known.timeline, frames, range.fromMs) : timelineOf(frames, ids),
      events: healthChanges(events.frame),
      leftOut: graph.nodes.length - ids.length,
      notes: [...warningsOf([...frames, events.frame]), ...events.notes],
    };
    return last;
  };
}

function trafficReader(
  { source, span }: Omit<Sources, 'graph'>,
  services: readonly string[] | undefined,
  nowMs: () => number,
) {
  let last: { readonly traffic: Traffic; readonly atMs: number } | undefined;
  return async (signal: AbortSignal): Promise<Traffic> => {
    if (last !== undefined && (!span.isMoving || nowMs() - last.atMs < TRAFFIC_MS)) return last.traffic;
    last = { traffic: await readTraffic(services, span.now(), { source, signal }), atMs: nowMs() };
    return last.traffic;
  };
}

export interface HistoryReadings {
  readonly history: Reading<History>;
  readonly traffic: Reading<Traffic>;
  readonly retry: () => void;
}

/** Read while the component that asks for it is mounted: health first, then the traffic of what it shows. */
export function useHistory({ source, span, graph }: Sources): HistoryReadings {
  const clock = useClock();
  const latest = useLatest(graph);
  const readHistory = useMemo(() => historyReader({ source, span }, () => latest.current), [source, span, latest]);
  const history = useReading(readHistory);
  const timeline = history.reading.state === 'known' ? history.reading.value.timeline : undefined;
  // In one text, so that the same services are not asked for again.
  const services = useMemo(
    () => timeline && JSON.stringify(servicesOfEdges(timeline, latest.current) ?? null),
    [timeline, latest],
  );
  const readEdges = useMemo(() => {
    if (services === undefined) return undefined;
    const ids = (JSON.parse(services) as readonly string[] | null) ?? undefined;
    return trafficReader({ source, span }, ids, () => clock.nowMs());
  }, [source, span, services, clock]);
  const traffic = useReading(readEdges);
  return {
    history: history.reading,
    traffic: traffic.reading,
    retry: () => [history, traffic].forEach((part) => part.retry()),
  };
}
