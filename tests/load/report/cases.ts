/** One JSON line that a bench printed. */
export type Line = Readonly<Record<string, unknown>>;

/** One row of docs/benchmarks.md: what is asked, what is the goal, and where among the lines the figure stands. */
export interface Case {
  readonly title: string;
  readonly must: string;
  readonly goal: string;
  readonly figure: (lines: readonly Line[]) => string;
}

const MISSING = 'not measured';

/** The first line that has all of `where`, turned into text; lines that a run left out are said to be missing. */
const from =
  (where: Line, text: (line: Record<string, number>) => string) =>
  (lines: readonly Line[]): string => {
    const line = lines.find((one) => Object.entries(where).every(([key, value]) => one[key] === value));
    return line === undefined ? MISSING : text(line as Record<string, number>);
  };
const percent = (ratio: number): string => `${(100 * ratio).toFixed(2)} %`;
const joined =
  (...parts: Case['figure'][]): Case['figure'] =>
  (lines) =>
    parts.map((part) => part(lines)).join(' / ');

const queries = (services: number): Case['figure'] =>
  from({ bench: 'upstream-queries', services }, (line) => {
    const counts = Object.values(line['queries'] as unknown as Record<string, number>);
    return String(Math.max(...counts));
  });
const tick = (services: number, phase: string): Case['figure'] =>
  from({ bench: 'publisher', services, phase }, (l) => `${l['tick_p50_ms']} ms`);
const withFull = (services: number): Case['figure'] =>
  from({ bench: 'publisher', services, phase: 'incident' }, (l) => {
    const sum = (l['tick_p50_ms'] ?? NaN) + (l['full_write_p50_ms'] ?? NaN) + (l['full_deflate_p50_ms'] ?? NaN);
    return `${sum.toFixed(0)} ms`;
  });
const loop = (services: number): Case['figure'] =>
  from({ bench: 'event-loop-delay', services }, (l) => `${l['p99_ms']} ms`);
const memory = (deflate: boolean): Case['figure'] =>
  from({ bench: 'memory-per-idle-connection', permessage_deflate: deflate }, (l) => `${l['rss_kb']} KB`);
const delta = (services: number, phase: string): Case['figure'] =>
  from({ bench: 'publisher', services, phase }, (l) => percent(l['delta_ratio'] ?? NaN));

export const CASES: readonly Case[] = [
  {
    title: 'Prometheus queries a tick, 100 / 1,000 / 10,000 services, preset with the most',
    must: '≤ 12',
    goal: 'same',
    figure: joined(queries(100), queries(1_000), queries(10_000)),
  },
  {
    title: 'Tick, 1,000 services / 5,000 edges, fetch excluded, to a delta ready for the wire: quiet / incident',
    must: '≤ 150 ms',
    goal: '≤ 50 ms',
    figure: joined(tick(1_000, 'quiet'), tick(1_000, 'incident')),
  },
  {
    title: 'The same with a full snapshot written and compressed besides, incident',
    must: '≤ 150 ms',
    goal: '≤ 50 ms',
    figure: withFull(1_000),
  },
  {
    title: 'Tick, 10,000 services / 50,000 edges: quiet / incident',
    must: '≤ 2 s',
    goal: '≤ 600 ms',
    figure: joined(tick(10_000, 'quiet'), tick(10_000, 'incident')),
  },
  {
    title: 'The same with a full snapshot written and compressed besides, incident',
    must: '≤ 2 s',
    goal: '≤ 600 ms',
    figure: withFull(10_000),
  },
  {
    title: 'Whole tick with real Prometheus and Neo4j, 100 services / 280 edges, median (all stages; collect alone)',
    must: '≤ 0.3 s',
    goal: '≤ 0.1 s',
    figure: from({ bench: 'real-tick' }, (l) => `${l['total_p50_ms']} ms (${l['collect_p50_ms']} ms)`),
  },
  {
    title: 'Event-loop delay p99 of the serving thread while ticking, 1,000 / 10,000 services',
    must: '≤ 50 / 150 ms',
    goal: '≤ 10 / 30 ms',
    figure: joined(loop(1_000), loop(10_000)),
  },
  {
    title: 'Fan-out, CPU against a bare `ws.send` of the same bytes: plain, 10,000 clients / compressed, 2,500 clients',
    must: '≤ 1.5×',
    goal: '≤ 1.1×',
    figure: joined(
      from({ bench: 'fan-out-cpu', permessage_deflate: false }, (l) => `${l['ratio_median_of_pairs']}×`),
      from({ bench: 'fan-out-cpu', permessage_deflate: true }, (l) => `${l['ratio_median_of_pairs']}×`),
    ),
  },
  {
    title: 'Last client served after a tick, 10,000 clients: written / received, median',
    must: '≤ 400 ms',
    goal: '≤ 200 ms',
    figure: from(
      { bench: 'fan-out-latency' },
      (l) => `${l['last_written_ms_p50']} ms / ${l['last_received_ms_p50']} ms`,
    ),
  },
  {
    title: 'Memory per idle connection: plain / permessage-deflate',
    must: '≤ 20 KB',
    goal: '≤ 10 KB',
    figure: joined(memory(false), memory(true)),
  },
  {
    title: 'Delta against full snapshot, 1,000 services: quiet / incident',
    must: '≤ 10 % / 25 %',
    goal: '≤ 2 % / 10 %',
    figure: joined(delta(1_000, 'quiet'), delta(1_000, 'incident')),
  },
  {
    title: 'Delta against full snapshot, 10,000 services: quiet / incident',
    must: '≤ 10 % / 25 %',
    goal: '≤ 2 % / 10 %',
    figure: joined(delta(10_000, 'quiet'), delta(10_000, 'incident')),
  },
  {
    title: 'Deltas against polling full snapshots at a third of the freshness: bytes / server CPU',
    must: '−50 % / −60 %',
    goal: '−90 % / −90 %',
    figure: from(
      { bench: 'deltas-against-polling' },
      (l) => `−${l['bytes_saved_percent']} % / −${l['cpu_saved_percent']} %`,
    ),
  },
];
