import { LoadingState, type DataQueryError, type PanelData } from '@grafana/data';
import { errorsOf, faultText, type Failure } from '../../ui/faults.ts';
import { FRAME_KINDS, kindOf, type FrameKind, type Readings } from './read-frames.ts';

/** What is the matter with a kind of frames, besides what its rows say. */
export interface QueryState {
  /** What is seen where the rows would be; `ready` when there are some, old ones included. */
  readonly state: 'ready' | 'loading' | 'unreadable' | 'not asked' | 'failed' | 'unanswered';
  readonly errors: readonly Problem[];
}

export interface Problem {
  readonly refId: string | undefined;
  readonly message: string;
  /** The asker may not see the data: nothing that a retry mends. */
  readonly isForbidden: boolean;
}

export type QueryStates = Readonly<Record<FrameKind, QueryState>>;

interface Target {
  readonly refId: string;
  readonly queryType?: string;
  readonly hide?: boolean;
  readonly limit?: number;
}

const FORBIDDEN: ReadonlySet<number> = new Set([401, 403]);

const problemOf = (error: DataQueryError): Problem => ({
  refId: error.refId,
  message: faultText(error),
  isForbidden: FORBIDDEN.has(error.status ?? 0),
});

/** Errors of all queries. */
export const problemsOf = (failure: Failure): readonly Problem[] => errorsOf(failure).map(problemOf);

/** An error says by its refId which query it is of; one without is everybody's. */
export function queryStates(data: PanelData, readings: Readings): QueryStates {
  const targets = (data.request?.targets ?? []) as readonly Target[];
  const problems = problemsOf(data);
  const isWaiting = data.state === LoadingState.Loading || data.state === LoadingState.NotStarted;
  const stateOf = (kind: FrameKind): QueryState => {
    const asking = targets.filter(({ queryType, hide }) => hide !== true && kindOf(queryType) === kind);
    const refIds = new Set(asking.map(({ refId }) => refId));
    const errors = problems.filter(({ refId }) => (refId === undefined ? asking.length > 0 : refIds.has(refId)));
    const reading = readings[kind];
    if (reading.state !== 'absent') return { state: reading.state, errors };
    if (errors.length > 0) return { state: 'failed', errors };
    if (isWaiting && (asking.length > 0 || targets.length === 0)) return { state: 'loading', errors };
    return { state: asking.length > 0 ? 'unanswered' : 'not asked', errors };
  };
  return Object.fromEntries(FRAME_KINDS.map((kind) => [kind, stateOf(kind)])) as Record<FrameKind, QueryState>;
}

/** The data source's own, where the query has none. */
const DEFAULT_ANOMALIES = 1_000;

/** The most anomalies that the query of that refId gives. */
export function anomalyLimit({ request }: PanelData, refId: string | undefined): number {
  const targets = (request?.targets ?? []) as readonly Target[];
  return targets.find((target) => target.refId === refId)?.limit ?? DEFAULT_ANOMALIES;
}
