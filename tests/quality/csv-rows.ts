import { readFileSync } from 'node:fs';

/** Rows of a comma-separated file; a field may be quoted. Empty lines are left out. */
export function csvRows(file: string): string[][] {
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(fieldsOf);
}

function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const fields = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  const texts = fields.map((field) =>
    field
      .replace(/,$/, '')
      .replace(/^"(.*)"$/, '$1')
      .replaceAll('""', '"'),
  );
  return line.endsWith(',') ? texts : texts.slice(0, -1);
}

/** NaN for an empty field. */
export const numberOf = (field: string | undefined): number =>
  field === undefined || field.trim() === '' ? Number.NaN : Number(field);
