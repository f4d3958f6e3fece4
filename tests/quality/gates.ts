import type { QualitySet } from './quality-set.ts';

/** How a set fared, as the runner of `npm test` reads it. */
export type SetState =
  | { readonly state: 'passed' }
  | { readonly state: 'failed'; readonly failures: readonly string[] }
  | { readonly state: 'absent'; readonly reason: string };

/** One line for each figure that is below its gate, or missing. */
export function belowGates({ name, gates }: QualitySet, figures: Readonly<Record<string, number>>): string[] {
  return gates.flatMap(({ figure, atLeast }) => {
    const value: number | undefined = figures[figure];
    return value !== undefined && value >= atLeast ? [] : [`${name}: ${figure} is ${value}, and must be ${atLeast}`];
  });
}
