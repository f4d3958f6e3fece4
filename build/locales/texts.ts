import ts from 'typescript';

/** Texts of one source file by their keys, in the form in which i18next looks them up. */
export class TextError extends Error {
  override readonly name = 'TextError';
}

const textOf = (node: ts.Node): string | undefined => (ts.isStringLiteralLike(node) ? node.text : undefined);

/** What JSX makes of text over several lines: lines trimmed and joined by blanks, empty ones dropped. */
function jsxText(raw: string): string {
  const lines = raw.split(/\r?\n/);
  const last = lines.length - 1;
  return lines
    .map((line, index) => {
      const from = index === 0 ? line : line.trimStart();
      return index === last ? from : from.trimEnd();
    })
    .filter((line) => line !== '')
    .join(' ');
}

/** Children as react-i18next numbers them: `<2>…</2>` is the element that is child number 2. */
function childrenText(children: readonly ts.JsxChild[]): string {
  const kept = children.filter((child) => !(ts.isJsxText(child) && jsxText(child.text) === ''));
  return kept
    .map((child, index) => {
      if (ts.isJsxText(child)) return jsxText(child.text);
      if (ts.isJsxExpression(child)) {
        const { expression } = child;
        const text = expression && textOf(expression);
        if (text !== undefined) return text;
        if (expression && ts.isObjectLiteralExpression(expression)) {
          return `{{${expression.properties.map((property) => property.name?.getText()).join(', ')}}}`;
        }
        throw new TextError(`An expression in a Trans that is neither a text nor { name }: ${child.getText()}`);
      }
      if (ts.isJsxElement(child)) return `<${index}>${childrenText(child.children)}</${index}>`;
      return `<${index}></${index}>`;
    })
    .join('');
}

function ofCall(node: ts.CallExpression): readonly [string, string] | undefined {
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 't') return undefined;
  const [key, text] = node.arguments.map(textOf);
  if (key === undefined || text === undefined) {
    throw new TextError(`t() wants its key and its English text as they are: ${node.getText()}`);
  }
  return [key, text];
}

function ofTrans(node: ts.JsxElement): readonly [string, string] | undefined {
  const { tagName, attributes } = node.openingElement;
  if (tagName.getText() !== 'Trans') return undefined;
  const attribute = attributes.properties.find((one) => one.name?.getText() === 'i18nKey');
  const value = attribute && ts.isJsxAttribute(attribute) ? attribute.initializer : undefined;
  const key = value && textOf(value);
  if (key === undefined) throw new TextError(`A Trans without its i18nKey as text: ${node.openingElement.getText()}`);
  return [key, childrenText(node.children)];
}

/** Throws a {@link TextError} at a key or text that is only known when the code runs. */
export function textsOf(file: string, source: string): readonly (readonly [key: string, text: string])[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: (readonly [string, string])[] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isCallExpression(node) ? ofCall(node) : ts.isJsxElement(node) ? ofTrans(node) : undefined;
    if (text !== undefined) found.push(text);
    node.forEachChild(visit);
  };
  visit(tree);
  return found;
}
