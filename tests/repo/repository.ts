import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');

/** Files under version control, and those about to be; from the root. */
export const FILES: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
  { cwd: ROOT, encoding: 'utf8' },
)
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));

export const exists = (path: string): boolean => existsSync(join(ROOT, path));
export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
export const readJson = (path: string): unknown => JSON.parse(read(path));

export const isCode = (path: string): boolean => /\.(ts|tsx|js)$/.test(path);
/** Tests, their contracts and what they stand on. */
export const isTest = (path: string): boolean => isCode(path) && /(^|\/)tests?\//.test(path);

const parse = (path: string): ts.SourceFile => ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest);

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => {
    visit(child, see);
  });
}

/** Identifiers, keys and string literals of a source file: what its code names, comments apart. */
export function namesIn(path: string): ReadonlySet<string> {
  const names = new Set<string>();
  visit(parse(path), (node) => {
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) names.add(node.text);
  });
  return names;
}

/** Texts of all comments of a source file. */
export function commentsIn(path: string): readonly string[] {
  const file = parse(path);
  const comments = new Map<number, string>();
  visit(file, (node) => {
    const leading = ts.getLeadingCommentRanges(file.text, node.pos) ?? [];
    const trailing = ts.getTrailingCommentRanges(file.text, node.end) ?? [];
    for (const { pos, end } of [...leading, ...trailing]) comments.set(pos, file.text.slice(pos, end));
  });
  return [...comments.values()];
}

/** The identifier that a chain of calls and members starts with: `test` in `test.each(rows)(title, body)`. */
function rootName(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  const inner = ts.isCallExpression(node) || ts.isPropertyAccessExpression(node) || ts.isTaggedTemplateExpression(node);
  if (!inner) return undefined;
  return rootName(ts.isTaggedTemplateExpression(node) ? node.tag : node.expression);
}

/** Titles of the tests and groups of a test file. */
export function titlesIn(path: string): readonly string[] {
  const titles: string[] = [];
  const file = parse(path);
  visit(file, (node) => {
    if (!ts.isCallExpression(node) || !['test', 'it', 'describe'].includes(rootName(node.expression) ?? '')) return;
    const title = node.arguments[0];
    if (title === undefined) return;
    if (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title)) titles.push(title.getText(file));
  });
  return titles;
}
