import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SOURCE } from '../paths.ts';
import { PLUGINS, type PluginPart } from '../plugins.ts';
import { TextError, textsOf } from './texts.ts';

/** Texts nested by the parts of their keys, as i18next reads them. */
interface Texts {
  [part: string]: string | Texts;
}

/** Folders whose texts each plugin carries besides its own: what several share is built into each. */
const SHARED = 'ui';
/** The app shows the panels on a page of its own. */
const NOT_OF_THE_APP = ['test/', 'preview/', 'datasource/'];

async function filesOf({ folder }: PluginPart): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of glob(`{${folder === '' ? '**' : `${folder}/**`},${SHARED}/**}/*.{ts,tsx}`, {
    cwd: SOURCE,
  })) {
    const path = file.replaceAll('\\', '/');
    if (folder !== '' || !NOT_OF_THE_APP.some((start) => path.startsWith(start))) files.push(path);
  }
  return [...new Set(files)].sort();
}

function put(texts: Texts, key: string, text: string): void {
  const parts = key.split('.');
  const last = parts.pop() as string;
  let place = texts;
  for (const part of parts) {
    place[part] ??= {};
    const next = place[part];
    if (typeof next === 'string') throw new TextError(`${key} goes on from a key that is a text itself`);
    place = next;
  }
  const before = place[last];
  if (typeof before === 'object') throw new TextError(`${key} is a text and goes on in other keys`);
  if (before !== undefined && before !== text) {
    throw new TextError(`${key} has two texts: “${before}” and “${text}”`);
  }
  place[last] = text;
}

const sorted = (texts: Texts): Texts =>
  Object.fromEntries(
    Object.entries(texts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, typeof value === 'string' ? value : sorted(value)]),
  );

/** English texts of one plugin, from its code; what a translation starts from. */
export async function englishOf(part: PluginPart): Promise<string> {
  const texts: Texts = {};
  for (const file of await filesOf(part)) {
    for (const [key, text] of textsOf(file, await readFile(join(SOURCE, file), 'utf8'))) put(texts, key, text);
  }
  return `${JSON.stringify(sorted(texts), null, 2)}\n`;
}

/** Files of texts, relative to docs/, where they are generated and checked with the other generated files. */
export const LOCALES = PLUGINS.map((part) => ({
  file: join('..', 'src', part.folder, 'locales/en-US', `${part.id}.json`).replaceAll('\\', '/'),
  render: () => englishOf(part),
}));
