import { dirname, join, relative, sep } from 'node:path';
import { LAYERS, OUTSIDE } from './eslint.layers.js';

const ROOT = import.meta.dirname;
const OUTSIDE_NAME = 'outside the layers';

const within = (path, place) => (place.endsWith('/') ? path.startsWith(place) : path === place);

/** Name of the layer of a file given relative to the root; undefined for a file that the map does not know. */
function layerOf(path) {
  if (OUTSIDE.some((place) => within(path, place))) return OUTSIDE_NAME;
  return Object.keys(LAYERS).find((name) => LAYERS[name].at.some((place) => within(path, place)));
}

const isOrIsBelow = (specifier, name) => specifier === name || specifier.startsWith(`${name}/`);

const layerOfAlias = (specifier) =>
  Object.keys(LAYERS).find((name) => LAYERS[name].alias && isOrIsBelow(specifier, LAYERS[name].alias));

const namesPackage = (specifier, allowed) =>
  /[/:]$/.test(allowed) ? specifier.startsWith(allowed) : isOrIsBelow(specifier, allowed);

/** What the import violates, or undefined. */
function violation({ from, specifier, target, typeOnly }) {
  const { may, types = [], packages } = LAYERS[from];
  if (target === undefined) {
    if (specifier.startsWith('.')) return 'noLayer';
    return packages === undefined || packages.some((allowed) => namesPackage(specifier, allowed))
      ? undefined
      : 'forbidden';
  }
  if (target === from || may.includes(target)) return undefined;
  if (types.includes(target)) return typeOnly ? undefined : 'typesOnly';
  return 'forbidden';
}

/**
 * An import whose members are all marked `type` one by one still runs the module (verbatimModuleSyntax), so only
 * `import type` and `export type` as a whole count as types.
 */
const isTypeOnly = (node) => node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType';

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    schema: [],
    docs: { description: 'Imports follow the layers of eslint.layers.js' },
    messages: {
      forbidden: '{{from}} may not import {{target}} (eslint.layers.js)',
      typesOnly: '{{from}} may import only types from {{target}}: use `import type` (eslint.layers.js)',
      noLayer: '{{target}} is in no layer: add it to eslint.layers.js',
      dynamic: 'A layer cannot be told from a computed import: name the module',
    },
  },
  create(context) {
    const file = relative(ROOT, context.filename).replaceAll(sep, '/');
    const from = layerOf(file);
    if (from === OUTSIDE_NAME) return {};
    if (from === undefined) {
      return { Program: (node) => context.report({ node, messageId: 'noLayer', data: { target: file } }) };
    }
    const check = (node, source) => {
      if (!source) return;
      const specifier = source.type === 'TSLiteralType' ? source.literal.value : source.value;
      if (typeof specifier !== 'string') return context.report({ node, messageId: 'dynamic' });
      const path = specifier.startsWith('.') ? join(dirname(file), specifier).replaceAll(sep, '/') : undefined;
      const target = path === undefined ? layerOfAlias(specifier) : layerOf(path);
      const messageId = violation({ from, specifier, target, typeOnly: isTypeOnly(node) });
      if (messageId) context.report({ node, messageId, data: { from, target: target ?? path ?? specifier } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (node) => check(node, node.source ?? node.argument),
      // new Worker(new URL('./x.ts', import.meta.url)) runs a module like an import does.
      'NewExpression[callee.name="URL"][arguments.1.type="MemberExpression"]': (node) => {
        if (String(node.arguments[0].value).endsWith('.ts')) check(node, node.arguments[0]);
      },
    };
  },
};
