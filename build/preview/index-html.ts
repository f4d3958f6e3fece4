/** Where the page finds what it is made of; paths from the page. */
export interface PageParts {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  readonly icon: string;
}

/** The page without a script or style of its own, which its security policy would refuse. The bridge fills in `{{bridge}}`. */
export const indexHtml = ({ scripts, styles, icon }: PageParts): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="bridge" content="{{bridge}}">
<title>Live Diagnostics</title>
<link rel="icon" href="${icon}">
${styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
${scripts.map((src) => `<script type="module" src="${src}"></script>`).join('\n')}
</head>
<body>
<div id="root"></div>
<noscript>Live Diagnostics shows its panels by scripts. <a href="api">What the bridge serves besides</a></noscript>
</body>
</html>
`;
