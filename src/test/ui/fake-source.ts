import type { DataFrame, TimeRange } from '@grafana/data';
import type { Snapshot } from '@topdeck/protocol';
import type { ConnectionInfo, DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { refIdOf, type DiagnosticsSource } from '../../ui/source.ts';
import { framesOf } from './data-frames.ts';
import { pastOf, SHOP } from './shop.ts';

interface Asked {
  readonly queries: readonly DiagnosticsQuery[];
  readonly range: TimeRange;
  readonly signal: AbortSignal;
}

/** Answers with the frames of a snapshot, as the executable makes them. Each request is kept. */
export class FakeSource implements DiagnosticsSource {
  readonly uid: string;
  readonly asked: Asked[] = [];
  snapshot: Snapshot = SHOP;
  /** Runs before each answer, so that a test can refuse it or let it wait. */
  before: (queries: readonly DiagnosticsQuery[]) => Promise<void> | void = () => undefined;

  constructor(uid = 'live-1') {
    this.uid = uid;
  }

  async query(
    queries: readonly DiagnosticsQuery[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly DataFrame[]> {
    this.asked.push({ queries, range, signal });
    await this.before(queries);
    signal.throwIfAborted();
    return queries.flatMap((query, index) => framesOf(this.snapshot, query, refIdOf(index), pastOf(query)));
  }

  async refresh(): Promise<void> {
    return Promise.resolve();
  }

  async connection(): Promise<ConnectionInfo> {
    return Promise.reject(new Error('Nobody asks for it here'));
  }
}
