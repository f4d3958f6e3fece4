/** A font of the page's style sheets, as FontFace takes it. */
export interface PageFont {
  readonly family: string;
  /** With absolute addresses. */
  readonly source: string;
  readonly descriptors: Readonly<Record<'style' | 'weight' | 'unicodeRange', string>>;
}

const nameOf = (family: string): string => family.trim().replace(/^['"]|['"]$/g, '');

/** A worker has none of the page's fonts, but may load them from the same place. Those of the first family alone. */
export function pageFonts(fontFamily: string): readonly PageFont[] {
  const [wanted = ''] = fontFamily.split(',').map(nameOf);
  return [...document.styleSheets].flatMap((sheet) =>
    rulesOf(sheet)
      .filter((rule) => rule instanceof CSSFontFaceRule)
      .filter((rule) => nameOf(rule.style.getPropertyValue('font-family')) === wanted)
      .map((rule) => toFont(rule, sheet.href ?? document.baseURI)),
  );
}

/** Rules of a style sheet from elsewhere may not be read. */
function rulesOf(sheet: CSSStyleSheet): readonly CSSRule[] {
  try {
    return [...sheet.cssRules];
  } catch {
    return [];
  }
}

function toFont({ style }: CSSFontFaceRule, base: string): PageFont {
  const of = (name: string, otherwise: string): string => style.getPropertyValue(name) || otherwise;
  const source = style
    .getPropertyValue('src')
    .replace(/url\((['"]?)(.*?)\1\)/g, (_all, _quote, address: string) => `url("${new URL(address, base).href}")`);
  return {
    family: nameOf(style.getPropertyValue('font-family')),
    source,
    descriptors: {
      style: of('font-style', 'normal'),
      weight: of('font-weight', 'normal'),
      unicodeRange: of('unicode-range', 'U+0-10FFFF'),
    },
  };
}
