/**
 * Shapes for Grafana's icon names: its own are files of its server, which a canvas in a worker cannot read. Filled by the
 * nonzero rule within 24 × 24, so that holes run the other way round.
 */

type Box = [x: number, y: number, width: number, height: number];

/** A rectangle that runs clockwise, and one that runs the other way. */
const box = (...[x, y, width, height]: Box): string => `M${x} ${y}h${width}v${height}h${-width}z`;
const hole = (...[x, y, width, height]: Box): string => `M${x} ${y}v${height}h${width}v${-height}z`;
const disc = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`;
const round = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const ring = (...[x, y, r, width = 2]: [x: number, y: number, r: number, width?: number]): string =>
  disc(x, y, r) + round(x, y, r - width);
const frame = (...[x, y, width, height]: Box): string =>
  box(x, y, width, height) + hole(x + 2, y + 2, width - 4, height - 4);

const DATABASE =
  'M3 6a9 3 0 1 1 18 0a9 3 0 1 1 -18 0z' +
  'M3 8.5c2 2.3 16 2.3 18 0v4c-2 2.3 -16 2.3 -18 0z' +
  'M3 14.5c2 2.3 16 2.3 18 0v3.5a9 3 0 0 1 -18 0z';
const CLOUD = 'M6.5 19a4.5 4.5 0 0 1 -.7 -8.95a6.5 6.5 0 0 1 12.6 1.2a4 4 0 0 1 -.4 7.75z';
const PERSON = `${disc(12, 7, 4)}M4 21c0 -5 3.5 -8 8 -8s8 3 8 8z`;
const GLOBE = `${ring(12, 12, 10)}${box(3, 11, 18, 2)}M12 2c7 5 7 15 0 20c-7 -5 -7 -15 0 -20zM12 5c-3.8 4 -3.8 10 0 14c3.8 -4 3.8 -10 0 -14z`;
const SERVER =
  box(3, 3, 18, 5) +
  hole(6, 5, 2, 1) +
  box(3, 9.5, 18, 5) +
  hole(6, 11.5, 2, 1) +
  box(3, 16, 18, 5) +
  hole(6, 18, 2, 1);
const SCREEN = `${frame(2, 3, 20, 14)}${box(8, 20, 8, 2)}${box(11, 17, 2, 3)}`;
const GEAR = `${[0, 45, 90, 135, 180, 225, 270, 315]
  .map((degrees) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const corner = (x: number, y: number): string =>
      `${(12 + x * cos - y * sin).toFixed(2)} ${(12 + x * sin + y * cos).toFixed(2)}`;
    return `M${corner(-1.7, -10)}L${corner(1.7, -10)}L${corner(1.7, -6)}L${corner(-1.7, -6)}z`;
  })
  .join('')}${ring(12, 12, 7.5, 4.5)}`;
const CUBE = 'M12 2l9 5v10l-9 5l-9 -5v-10zM12 4.3l-6 3.4l6 3.4l6 -3.4zM5 9.4v6.4l6 3.4v-6.4zM19 9.4l-6 3.4v6.4l6 -3.4z';
const SHIELD = 'M12 2l9 3v7c0 5 -4 8.5 -9 10c-5 -1.5 -9 -5 -9 -10v-7z';
const LAYERS = 'M12 2l10 5l-10 5l-10 -5zM2 11l2 -1l8 4l8 -4l2 1l-10 5zM2 15l2 -1l8 4l8 -4l2 1l-10 5z';
const EXCHANGE = 'M3 7h13v-4l6 5l-6 5v-4h-13zM21 15h-13v-4l-6 5l6 5v-4h13z';
const SITEMAP = `${box(9, 2, 6, 6)}${box(2, 16, 6, 6)}${box(9, 16, 6, 6)}${box(16, 16, 6, 6)}${box(11, 8, 2, 8)}${box(4, 11, 16, 2)}${box(4, 13, 2, 3)}${box(18, 13, 2, 3)}`;

const PATHS: Readonly<Record<string, string>> = {
  database: DATABASE,
  bolt: 'M13 2l-9 12h7l-1 8l10 -13h-7.5z',
  envelope: 'M2 5h20v1.2l-10 6.3l-10 -6.3zM2 8.6l10 6.3l10 -6.3v10.4h-20z',
  'archive-alt': box(2, 3, 20, 5) + 'M3.5 9.5v11.5h17v-11.5z' + 'M9 12v2h6v-2z',
  cloud: CLOUD,
  sitemap: SITEMAP,
  'browser-alt': 'M2 4h20v16h-20zM4 9v9h16v-9z' + hole(4, 6, 2, 1.2) + hole(7, 6, 2, 1.2),

  apps: box(3, 3, 8, 8) + box(13, 3, 8, 8) + box(3, 13, 8, 8) + box(13, 13, 8, 8),
  bell: 'M12 2a6 6 0 0 1 6 6v6l2 3v1h-16v-1l2 -3v-6a6 6 0 0 1 6 -6zM9.5 20h5a2.5 2.5 0 0 1 -5 0z',
  bug: `${disc(12, 7, 3.5)}M7 11h10v4a5 6 0 0 1 -10 0z${box(2, 13, 4, 2)}${box(18, 13, 4, 2)}`,
  'clock-nine': ring(12, 12, 10) + box(11, 6, 2, 7) + box(7, 11, 6, 2),
  'code-branch':
    ring(6, 5, 3) +
    ring(6, 19, 3) +
    ring(18, 8, 3) +
    box(5, 8, 2, 8) +
    'M17 11h2c0 4 -6 3 -11 6v-2.300c4 -2.2 9 -1.7 9 -3.700z',
  cog: GEAR,
  'credit-card': 'M2 5h20v14h-20zM2 9v3h20v-3z',
  cube: CUBE,
  'exchange-alt': EXCHANGE,
  'file-alt': 'M5 2h9l5 5v15h-14zM8 11v2h8v-2zM8 15v2h8v-2z',
  fire: 'M12 2c1 4 6 6 6 12a6 7 0 0 1 -12 0c0 -3 1.5 -5 3 -6c0 2 .5 3 1.5 3.500c-.5 -3.5 0 -6.5 1.5 -9.500z',
  folder: 'M2 4h8l2 3h10v13h-20z',
  globe: GLOBE,
  'graph-bar': box(3, 12, 4, 9) + box(10, 6, 4, 15) + box(17, 2, 4, 19),
  hdd: 'M5 3h14l3 9v9h-20v-9zM4 13v6h16v-6z' + box(15, 15, 3, 2),
  heart: 'M12 21c-6 -5 -10 -8.5 -10 -13a5.3 5.3 0 0 1 10 -2.500a5.3 5.3 0 0 1 10 2.500c0 4.5 -4 8 -10 13z',
  'home-alt': 'M12 2l10 9h-3v11h-5v-7h-4v7h-5v-11h-3z',
  'key-skeleton-alt': `${ring(8, 8, 6, 2.5)}M11.5 13l1.5 -1.500l9 9v2h-3v-2h-2v-2h-2z`,
  'layer-group': LAYERS,
  link:
    'M3 12a5 5 0 0 1 5 -5h3v2.500h-3a2.5 2.5 0 0 0 0 5h3v2.500h-3a5 5 0 0 1 -5 -5zM21 12a5 5 0 0 1 -5 5h-3v-2.500h3a2.5 2.5 0 0 0 0 -5h-3v-2.500h3a5 5 0 0 1 5 5z' +
    box(8, 10.8, 8, 2.4),
  lock: `M4 10h16v12h-16z${round(12, 16, 2)}M7 10v-3a5 5 0 0 1 10 0v3h-2.400v-3a2.6 2.6 0 0 0 -5.2 0v3z`,
  'message-alt': 'M2 3h20v14h-9l-5 5v-5h-6z',
  mobile: 'M6 1h12v22h-12zM8 4v14h8v-14z',
  monitor: SCREEN,
  process: `${ring(12, 12, 9, 2.5)}M18 2l4 6h-8z`,
  rocket: `M12 1c4 3 5 7 5 11v5h-10v-5c0 -4 1 -8 5 -11z${round(12, 9, 2)}M6 12v7l-3 2v-5zM18 12v7l3 2v-5zM10 18h4l-2 5z`,
  search: `${ring(10, 10, 8, 2.5)}M15.3 17l1.7 -1.700l6 6l-1.7 1.700z`,
  server: SERVER,
  shield: SHIELD,
  star: 'M12 2l3 6.800l7.2 .8l-5.4 4.900l1.5 7.200l-6.3 -3.700l-6.3 3.700l1.5 -7.200l-5.4 -4.900l7.2 -.8z',
  table: 'M2 3h20v18h-20zM4 9v4h7v-4zM13 9v4h7v-4zM4 15v4h7v-4zM13 15v4h7v-4z',
  'tag-alt': `M2 2h10l10 10l-10 10l-10 -10z${round(7, 7, 2)}`,
  user: PERSON,
  wrench: 'M21 7a6 6 0 0 1 -8 6l-8 8.500l-3 -3l8.5 -8a6 6 0 0 1 7.5 -8l-3.5 3.500l2.5 2.500z',
};

/** Other names of the same things. */
const ALIASES: Readonly<Record<string, string>> = {
  'cloud-provider': 'cloud',
  'cloud-computing': 'cloud',
  compass: 'globe',
  'comment-alt': 'message-alt',
  desktop: 'monitor',
  laptop: 'monitor',
  'envelope-alt': 'envelope',
  'file-blank': 'file-alt',
  'gf-grid': 'apps',
  'cube-alt': 'cube',
  'dice-three': 'cube',
  docker: 'cube',
  kubernetes: 'cube',
  'layers-alt': 'layer-group',
  'mobile-android': 'mobile',
  'shield-exclamation': 'shield',
  sync: 'process',
  'users-alt': 'user',
  window: 'browser-alt',
};

/** SVG path data within 24 × 24; undefined of names without a shape. */
export function iconPath(name: string): string | undefined {
  const known = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  return Object.hasOwn(PATHS, known) ? PATHS[known] : undefined;
}

export const ICON_NAMES: readonly string[] = [...Object.keys(PATHS), ...Object.keys(ALIASES)];
