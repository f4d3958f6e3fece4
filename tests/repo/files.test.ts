import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { commentsIn, exists, FILES, isCode, isTest, read } from './repository.ts';

/** Names that a tool or custom prescribes. */
const PRESCRIBED = /^(README|CHANGELOG|CONTRIBUTING|LICENSE|SPEC)(\.md)?$|^[a-z0-9-]+_test\.go$/;
const KEBAB_CASE = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/;
const PASCAL_CASE = /^([A-Z][a-z0-9]*)+(\.test)?\.(tsx|ts)$/;

const codeFiles = FILES.filter(isCode);
const documents = FILES.filter((path) => path.endsWith('.md'));
/** These talk about what they look for. */
const others = (paths: readonly string[]): string[] => paths.filter((path) => !path.startsWith('tests/repo/'));

const linesMatching = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );

describe('files', () => {
  test('have kebab-case names; components and their editors, in the browser, PascalCase ones', () => {
    const misnamed = FILES.filter((path) => {
      const name = posix.basename(path);
      const component = path.startsWith('src/') && PASCAL_CASE.test(name);
      return !KEBAB_CASE.test(name) && !PRESCRIBED.test(name) && !component;
    });
    expect(misnamed).toEqual([]);
  });

  test('stand in folders that say what they are about', () => {
    expect(FILES.filter((path) => /(^|\/)(utils?|helpers?|common|services|misc)\//.test(path))).toEqual([]);
  });

  test('of tests stay within 400 lines; lint holds the sources to less', () => {
    const long = codeFiles.filter(isTest).filter((path) => read(path).split('\n').length > 400);
    expect(long).toEqual([]);
  });

  test('end with a line feed and hold no carriage return', () => {
    const texts = [...codeFiles, ...documents];
    expect(texts.filter((path) => !read(path).endsWith('\n') || read(path).includes('\r'))).toEqual([]);
  });

  test('hold no note of unfinished work', () => {
    expect(linesMatching(others([...codeFiles, ...documents]), /\b(TODO|FIXME|XXX)\b/)).toEqual([]);
  });

  test('do not try to silence a check', () => {
    const silencer = /eslint-(disable|enable)|@ts-(ignore|nocheck|expect-error)|prettier-ignore/;
    const comments = codeFiles.flatMap((path) => commentsIn(path).map((comment) => `${path}: ${comment}`));
    expect(comments.length).toBeGreaterThan(0);
    expect(comments.filter((comment) => silencer.test(comment))).toEqual([]);
  });
});

test('links between documents lead to files', () => {
  const broken = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map((match) => match[1])
      .filter((target) => !exists(posix.join(posix.dirname(path), target)))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});
