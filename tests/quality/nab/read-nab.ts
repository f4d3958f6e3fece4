import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NabSeries {
  /** category/file.csv */
  readonly name: string;
  /** Epoch milliseconds; the file's own times, taken as UTC. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** First and last time of each window, both inclusive. */
  readonly windows: readonly (readonly [firstMs: number, lastMs: number])[];
}

const toMs = (text: string): number => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);

function readSeries(path: string): Pick<NabSeries, 'times' | 'values'> {
  const rows = readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1);
  const cells = rows.map((row) => row.split(','));
  return {
    times: Float64Array.from(cells, ([time]) => toMs(time)),
    values: Float64Array.from(cells, ([, value]) => Number(value)),
  };
}

/** Every series below `data/` of the benchmark's folder, by category and file name. */
export function readNab(dir: string): NabSeries[] {
  const labels = JSON.parse(readFileSync(join(dir, 'labels', 'combined_windows.json'), 'utf8')) as Record<
    string,
    readonly (readonly [string, string])[]
  >;
  const data = join(dir, 'data');
  return readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((category) =>
      readdirSync(join(data, category))
        .filter((file) => file.endsWith('.csv'))
        .sort()
        .map((file): NabSeries => {
          const name = `${category}/${file}`;
          const windows = (labels[name] ?? []).map(([first, last]) => [toMs(first), toMs(last)] as const);
          return { name, ...readSeries(join(data, category, file)), windows };
        }),
    );
}
