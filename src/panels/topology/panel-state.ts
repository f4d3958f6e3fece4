import { LoadingState, type DataFrame, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import type { Graph } from './graph.ts';
import { isGraph, type GraphProblem, type GraphReading } from './model/read-graph.ts';

export interface Message {
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** What there is to be seen. */
export type PanelState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed' | 'unreadable' | 'empty'; readonly messages: readonly Message[] }
  | { readonly kind: 'graph'; readonly graph: Graph; readonly messages: readonly Message[] };

const PROBLEMS: Readonly<Record<Exclude<GraphProblem, 'no-frames'>, () => string>> = {
  'no-id': () => t('topology.problem.no-id', 'The frame of nodes has no field “id”.'),
  'no-ends': () => t('topology.problem.no-ends', 'The frame of edges has no fields “source” and “target”.'),
};

const unique = (messages: readonly Message[]): readonly Message[] => [
  ...new Map(messages.map((message) => [message.text, message])).values(),
];

const errorsOf = ({ errors = [] }: PanelData): readonly Message[] =>
  errors.flatMap(({ message, data }): Message[] => {
    const text = message ?? data?.message ?? data?.error;
    return [{ severity: 'error', text: text ?? t('topology.problem.no-reason', 'The query failed.') }];
  });

const noticesOf = (frames: readonly DataFrame[]): readonly Message[] =>
  frames.flatMap(({ meta }) => (meta?.notices ?? []).map(({ severity, text }): Message => ({ severity, text })));

function aboutEdges({ droppedEdges }: Graph): readonly Message[] {
  if (droppedEdges === 0) return [];
  const text = t(
    'topology.message.dropped-edges',
    'Edges left out, because a node that they join is not there: {{number}}',
    {
      number: droppedEdges,
    },
  );
  return [{ severity: 'info', text }];
}

export function panelState(data: PanelData, reading: GraphReading): PanelState {
  const errors = errorsOf(data);
  const messages = unique([...errors, ...noticesOf(data.series)]);
  if (isGraph(reading)) {
    if (reading.nodes.length === 0) return { kind: 'empty', messages };
    return { kind: 'graph', graph: reading, messages: unique([...messages, ...aboutEdges(reading)]) };
  }
  if (errors.length > 0 || data.state === LoadingState.Error) return { kind: 'failed', messages };
  const isStarting = data.state === LoadingState.Loading || data.state === LoadingState.NotStarted;
  if (data.series.length === 0) return isStarting ? { kind: 'waiting' } : { kind: 'empty', messages };
  if (reading.problem === 'no-frames') return { kind: 'unreadable', messages };
  return { kind: 'unreadable', messages: [{ severity: 'error', text: PROBLEMS[reading.problem]() }, ...messages] };
}
