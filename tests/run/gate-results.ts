import type { SetState } from '../quality/gates.ts';
import type { FileResult } from './jest-results.ts';

export type GateStates = Readonly<Record<string, SetState>>;

/** One result a set. */
export function tallyGates(states: GateStates, folder: string): FileResult[] {
  return Object.entries(states).map(([name, state]) => ({
    file: `${folder}/${name}`,
    passed: state.state === 'passed' ? 1 : 0,
    failed: state.state === 'failed' ? 1 : 0,
    skipped: state.state === 'absent' ? 1 : 0,
    failures: state.state === 'failed' ? state.failures : [],
  }));
}
