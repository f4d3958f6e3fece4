/** RFC 3339, UTC, milliseconds. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();
