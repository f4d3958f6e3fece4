/**
 * Stable identity from text: two rounds of FNV-1a, 64 bits in hex. Not for security: only open anomalies and the events
 * about them must not collide.
 */
export function shortHash(text: string): string {
  return fnv1a(text, 0x811c9dc5) + fnv1a(text, 0x9e3779b9);
}

function fnv1a(text: string, seed: number): string {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const threeDigits = (value: number): string => String(Number(value.toPrecision(3)));

/** A value with its unit, three significant digits: `0.82 s`, `12.5%`, `1.4 GiB`, `3 cores`. */
export function formatValue(value: number, unit: string): string {
  if (unit === 'ratio') return `${threeDigits(value * 100)}%`;
  if (unit === '1/s') return `${threeDigits(value)}/s`;
  if (unit !== 'bytes') return `${threeDigits(value)} ${unit}`.trim();
  const power = Math.min(Math.max(Math.floor(Math.log2(Math.max(Math.abs(value), 1)) / 10), 0), BYTE_UNITS.length - 1);
  return `${threeDigits(value / 1024 ** power)} ${BYTE_UNITS[power] as string}`;
}
