import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { ROOT } from './paths.ts';
import { recordFile } from './records.ts';

/** What a fixture says before its component is started, and, in its record, afterwards. */
export type Detection =
  | { readonly available: true; readonly how: string; readonly version: string }
  | { readonly available: false; readonly reason: string };

/** Suites of a step that starts real components, and where they lie. */
export const SUITE_FOLDERS = {
  integration: { folder: 'tests/integration', ending: '.test.ts' },
  preview: { folder: 'tests/preview/specs', ending: '.spec.ts' },
  e2e: { folder: 'tests/e2e/specs', ending: '.spec.ts' },
} as const;
export type SuitesFolder = keyof typeof SUITE_FOLDERS;
/** Those that Playwright runs. */
export type SpecsFolder = Exclude<SuitesFolder, 'integration'>;

export interface Component {
  readonly name: string;
  /** Suites that import this module, directly or not, need the component. */
  readonly fixture: string;
  /** Name of the fixture's export that tells, at once and without starting anything, whether the component can be had. */
  readonly detect: string;
  /** The step whose suites may need it. */
  readonly step: SuitesFolder;
}

/** Real components that suites run against. One without suites has no place here. */
export const COMPONENTS: readonly Component[] = [
  { name: 'neo4j', fixture: 'tests/fixtures/neo4j-server.ts', detect: 'detectNeo4j', step: 'integration' },
  {
    name: 'prometheus',
    fixture: 'tests/fixtures/prometheus-server.ts',
    detect: 'detectPrometheus',
    step: 'integration',
  },
  { name: 'go', fixture: 'tests/fixtures/go-toolchain.ts', detect: 'detectGo', step: 'integration' },
  { name: 'chromium', fixture: 'tests/fixtures/chromium.ts', detect: 'detectChromium', step: 'preview' },
  { name: 'grafana', fixture: 'tests/e2e/fixtures/grafana-install.ts', detect: 'detectGrafana', step: 'e2e' },
];

export async function detect(component: Component): Promise<Detection> {
  const fixture = (await import(join(ROOT, component.fixture))) as Record<string, () => Promise<Detection>>;
  const detectComponent = fixture[component.detect];
  if (detectComponent === undefined) throw new Error(`${component.fixture} does not export ${component.detect}`);
  return detectComponent();
}

/** What ran, by the fixture's own record; undefined when no suite of this run started the component. */
export function readRecord(component: Component): Detection | undefined {
  const path = recordFile(component.name);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Detection) : undefined;
}

export function suitesOf(step: SuitesFolder): string[] {
  const { folder, ending } = SUITE_FOLDERS[step];
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
}

/** Whether `file` imports `fixture`, directly or through other files of ours. */
export function reaches(file: string, fixture: string, seen = new Set<string>()): boolean {
  if (file === fixture) return true;
  if (seen.has(file) || !existsSync(join(ROOT, file))) return false;
  seen.add(file);
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), 'utf8'));
  const relatives = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
  return relatives.some((name) => reaches(relative(ROOT, join(ROOT, dirname(file), name)), fixture, seen));
}
