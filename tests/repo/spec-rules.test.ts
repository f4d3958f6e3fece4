import { expect, test } from '@jest/globals';
import { FILES, isTest, read, titlesIn } from './repository.ts';

const SPEC = 'packages/protocol/SPEC.md';
/** A rule is declared where a list item begins with its id in bold. */
const declared = [...read(SPEC).matchAll(/^- \*\*([A-Z]+-\d+)\*\* /gm)].map((match) => match[1]);
/** Written like a rule, and none. */
const STANDARDS: ReadonlySet<string | undefined> = new Set(['UTF', 'ISO', 'RFC', 'SHA']);

/** Ids of a text; `REST-1 … REST-6` stands for all from the first to the last. */
function idsIn(text: string): string[] {
  const ids = [...text.matchAll(/\b([A-Z]+)-(\d+)(?:\s*(?:…|–)\s*\1-(\d+))?/g)].flatMap(([, family, from, to]) => {
    const count = Number(to ?? from) - Number(from) + 1;
    return Array.from({ length: count }, (_, index) => `${family}-${Number(from) + index}`);
  });
  return ids.filter((id) => !STANDARDS.has(id.split('-')[0]));
}

const citations = FILES.filter(isTest).flatMap((file) =>
  titlesIn(file).flatMap((title) => idsIn(title).map((id) => ({ file, id }))),
);

test('SPEC.md declares each rule once', () => {
  expect(declared.length).toBeGreaterThan(0);
  expect(declared.filter((id, index) => declared.indexOf(id) !== index)).toEqual([]);
});

test('every rule of SPEC.md is cited by a test title', () => {
  const cited = new Set(citations.map(({ id }) => id));
  expect(declared.filter((id) => !cited.has(id))).toEqual([]);
});

test('every rule cited by a test title is in SPEC.md', () => {
  expect(citations.filter(({ id }) => !declared.includes(id))).toEqual([]);
});

test('ranges and standards in a title are read as such', () => {
  const ids = ['REST-1', 'REST-2', 'REST-3', 'MSG-2'];
  expect(idsIn('REST-1 … REST-3, MSG-2: answers in UTF-8')).toEqual(ids);
});
