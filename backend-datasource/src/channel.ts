import { createHash } from 'node:crypto';
import { QUERY_TYPES, type DiagnosticsQuery, type QueryType, type StreamPart } from '@topdeck/protocol/grafana';
import { canonicalText, readQuery } from './query.ts';

/** Grafana refuses a channel `ds/<uid>/<path>` of more than 160 characters. */
const MAX_CHANNEL = 160;
const DIGEST = 'sha256.';
const DIGEST_CHARACTERS = 32;
const PARTS: readonly StreamPart[] = ['main', 'nodes', 'edges'];

const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, DIGEST_CHARACTERS);

/**
 * The channel's path below `ds/<uid>/`: query type, part, and what else the query says, in base64url. Where that is too
 * long its digest stands there, and subscribers send the query itself along.
 */
export function channelPath(query: DiagnosticsQuery, part: StreamPart, uid: string): string {
  const text = canonicalText(query);
  const start = `${query.queryType}/${part}`;
  if (text === '{}') return start;
  const whole = `${start}/${Buffer.from(text).toString('base64url')}`;
  return `ds/${uid}/${whole}`.length <= MAX_CHANNEL ? whole : `${start}/${DIGEST}${digestOf(text)}`;
}

export interface Channel {
  readonly query: DiagnosticsQuery;
  readonly part: StreamPart;
}

const isQueryType = (text: string): text is QueryType => (QUERY_TYPES as readonly string[]).includes(text);
const isPart = (text: string | undefined): text is StreamPart =>
  (PARTS as readonly (string | undefined)[]).includes(text);

const parseJson = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;

/** Undefined when the path names no stream of ours, or its digest is not that of the query sent along. */
export function readChannel(path: string, data: Uint8Array): Channel | undefined {
  const [queryType = '', part, rest, ...more] = path.split('/');
  if (!isQueryType(queryType) || !isPart(part) || more.length > 0) return undefined;
  try {
    if (rest === undefined) return { part, query: { queryType } };
    if (!rest.startsWith(DIGEST)) {
      return { part, query: readQuery({ ...Object(parseJson(Buffer.from(rest, 'base64url'))), queryType }) };
    }
    const query = readQuery({ ...Object(parseJson(data)), queryType });
    return digestOf(canonicalText(query)) === rest.slice(DIGEST.length) ? { part, query } : undefined;
  } catch {
    return undefined;
  }
}
