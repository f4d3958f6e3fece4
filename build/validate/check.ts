import type { Target } from '../targets.ts';
import type { BuiltPlugin } from './built-plugin.ts';

export interface Expected {
  readonly version: string;
  /** Platforms whose executables must be there. */
  readonly targets: readonly Target[];
  /** Below which a front end is known to load fast. */
  readonly limits: { readonly moduleBytes: number; readonly archivedBytes: number };
}

/**
 * One rule. `problems` tells each breach in a sentence part that names the file; none is a pass.
 * `severity` warning: the catalogue would ask for it, Grafana runs without.
 */
export interface Check {
  readonly name: string;
  readonly severity?: 'warning';
  problems(plugin: BuiltPlugin, expected: Expected): readonly string[];
}

/** A rule of Grafana's catalogue that this project cannot keep, and why; told each time rather than left out. */
export interface KnownException {
  readonly name: string;
  readonly reason: string;
}
