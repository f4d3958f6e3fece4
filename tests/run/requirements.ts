import { COMPONENTS, type Detection } from './components.ts';
import type { FileResult } from './jest-results.ts';
import { UsageError } from './usage-error.ts';

/** How a real component fared in this run. */
export type ComponentOutcome =
  | { readonly state: 'ran'; readonly how: string; readonly version: string; readonly suites: readonly string[] }
  | { readonly state: 'absent'; readonly reason: string; readonly leftOut: readonly string[] }
  /** It could be had, but no suite started it: none selected, or they fell over before. */
  | { readonly state: 'idle'; readonly reason: string };

/** Names in REQUIRE_REAL, comma-separated. Throws on a name that is no component. */
export function readRequired(text: string | undefined): readonly string[] {
  const names = (text ?? '').split(',').flatMap((name) => name.trim() || []);
  const unknown = names.filter((name) => !COMPONENTS.some((component) => component.name === name));
  if (unknown.length > 0) {
    const known = COMPONENTS.map((component) => component.name).join(', ');
    throw new UsageError(`REQUIRE_REAL names no real component: ${unknown.join(', ')}; there are ${known}`);
  }
  return names;
}

export interface Evidence {
  readonly detection: Detection;
  /** What the fixture wrote down once the component had answered (or once it could not be had after all). */
  readonly record: Detection | undefined;
  /** The suites that need the component. */
  readonly suites: readonly string[];
  readonly results: readonly FileResult[];
}

/** Only the fixture's record and a test that was carried out prove that a component ran. */
export function judge({ detection, record, suites, results }: Evidence): ComponentOutcome {
  const known = record ?? detection;
  if (!known.available) return { state: 'absent', reason: known.reason, leftOut: suites };
  if (record === undefined || !record.available) return { state: 'idle', reason: 'no suite started it' };
  const carriedOut = results.filter(({ file, passed, failed }) => suites.includes(file) && passed + failed > 0);
  if (carriedOut.length === 0) return { state: 'idle', reason: 'started, but no test was carried out' };
  return { state: 'ran', how: record.how, version: record.version, suites: carriedOut.map(({ file }) => file) };
}

/** One line for each required component that did not run. */
export function unmetRequirements(
  required: readonly string[],
  outcomes: ReadonlyMap<string, ComponentOutcome>,
): readonly string[] {
  return required.flatMap((name) => {
    const outcome = outcomes.get(name);
    if (outcome?.state === 'ran') return [];
    return [
      `REQUIRE_REAL: ${name} did not run: ${outcome === undefined ? 'no suite of this run needs it' : outcome.reason}`,
    ];
  });
}
