import { posix } from 'node:path';
import type { Check } from './check.ts';
import { partsOf, type BuiltPlugin, type Part } from './built-plugin.ts';

/** First bytes of the formats that the catalogue shows. */
const MAGIC: Readonly<Record<string, readonly number[] | undefined>> = {
  '.png': [0x89, 0x50, 0x4e, 0x47],
  '.jpg': [0xff, 0xd8, 0xff],
  '.jpeg': [0xff, 0xd8, 0xff],
  '.gif': [0x47, 0x49, 0x46, 0x38],
};

const isSvg = (bytes: Buffer): boolean => /^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<svg[\s>]/s.test(bytes.toString());

function imageProblems(plugin: BuiltPlugin, { path, folder }: Part, image: string): readonly string[] {
  if (image === '' || /^(\.|\/|[a-z]+:)/i.test(image))
    return [`${path}: ${image || 'an empty path'} is not below the plugin`];
  const file = folder + image;
  if (!plugin.files.has(file)) return [`${path}: ${image} is missing`];
  const bytes = plugin.read(file);
  const extension = posix.extname(file).toLowerCase();
  const magic = MAGIC[extension];
  const matches = extension === '.svg' ? isSvg(bytes) : magic?.every((byte, index) => bytes[index] === byte);
  return matches === true ? [] : [`${file}: is not what its name says, or no image`];
}

const logos: Check = {
  name: 'logos are SVG files',
  problems: (plugin) =>
    partsOf(plugin).flatMap((part) => {
      const { small = '', large = '' } = part.meta.info?.logos ?? {};
      return [...new Set([small, large])].flatMap((logo) => [
        ...imageProblems(plugin, part, logo),
        ...(logo.endsWith('.svg') ? [] : [`${part.path}: ${logo} is not an SVG file`]),
      ]);
    }),
};

const screenshots: Check = {
  name: 'screenshots are images of this plugin',
  problems: (plugin) =>
    partsOf(plugin).flatMap((part) =>
      (part.meta.info?.screenshots ?? []).flatMap(({ path = '' }) => imageProblems(plugin, part, path)),
    ),
};

const shown: Check = {
  name: 'screenshots for the catalogue',
  severity: 'warning',
  problems: (plugin) => {
    const root = partsOf(plugin).find(({ folder }) => folder === '');
    return (root?.meta.info?.screenshots ?? []).length > 0 ? [] : ['plugin.json: no screenshot'];
  },
};

/** An SVG in the page is a document: it may draw, and neither run nor load anything. */
const UNSAFE: readonly (readonly [RegExp, string])[] = [
  [
    /<\s*(script|foreignObject|iframe|embed|object|handler|animate|set|use)\b/i,
    'has an element that can do more than draw',
  ],
  [/\son[a-z]+\s*=/i, 'has an event handler'],
  [/(href|src)\s*=\s*["']?[^"'#\s]/i, 'refers to something outside'],
  [/url\(\s*["']?[^"'#\s)]/i, 'loads something from outside'],
  [/<!(DOCTYPE|ENTITY)/i, 'declares entities'],
];

const safeSvg: Check = {
  name: 'SVG files only draw',
  problems: (plugin) =>
    [...plugin.files.keys()]
      .filter((path) => path.endsWith('.svg'))
      .flatMap((path) => {
        const text = plugin.read(path).toString();
        return UNSAFE.filter(([pattern]) => pattern.test(text)).map(([, problem]) => `${path}: ${problem}`);
      }),
};

export const IMAGES: readonly Check[] = [logos, screenshots, shown, safeSvg];
