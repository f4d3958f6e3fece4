import { paint, seconds, table } from '../../build/terminal.ts';
import type { ComponentOutcome } from './requirements.ts';
import type { Tally } from './jest-results.ts';
import type { StepResult } from './run-step.ts';

/** `12 passed, 0 failed`, and how many were skipped if any were. */
export function tallyLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

export const stepStarted = (name: string): string => paint('bold', `\n▶ ${name}`);

export function stepEnded({ name, tally, failures }: StepResult, durationMs: number): string {
  const [look, mark] = failures.length === 0 ? (['green', '✔'] as const) : (['red', '✘'] as const);
  return paint(look, `${mark} ${name}: ${tallyLine(tally)} (${seconds(durationMs)})`);
}

/** Every failure of the run in one place, below what jest printed about each. */
export function failureLines(results: readonly StepResult[], unmet: readonly string[]): string {
  const ofSteps = results.flatMap(({ name, failures }) => failures.map((failure) => `${name}: ${failure}`));
  return [...ofSteps, ...unmet].map((line) => paint('red', `✘ ${line}\n`)).join('');
}

function componentRow(name: string, outcome: ComponentOutcome): string[] {
  switch (outcome.state) {
    case 'ran':
      return [name, `${outcome.version} (${outcome.how})`, `${outcome.suites.length} ran`];
    case 'idle':
      return [name, `available, not run: ${outcome.reason}`, '–'];
    case 'absent':
      return [name, `absent: ${outcome.reason}`, `left out: ${outcome.leftOut.join(', ')}`];
  }
}

/** The closing table: which version of each real component ran, or why not and what was left out for it. */
export function componentTable(outcomes: ReadonlyMap<string, ComponentOutcome>): string {
  if (outcomes.size === 0) return 'no suite of this run needs a real component';
  return table([
    ['real component', 'version', 'suites'],
    ...[...outcomes].map(([name, outcome]) => componentRow(name, outcome)),
  ]);
}
