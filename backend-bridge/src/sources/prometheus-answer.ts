import { BridgeError } from '../errors.ts';
import type { AnswerNotes } from './metrics-column.ts';
import { LabelSpans, hashBytes } from './prometheus-label-table.ts';
import { scanSeries } from './prometheus-scan.ts';

/** Receives the series of an answer one after another. */
export interface SeriesSink {
  readonly labels: readonly string[];
  /** A series begins; the spans are those of `labels`, in their order, and valid only during the call. */
  series(spans: LabelSpans): void;
  /** A sample of the series begun last. NaN where the value is no finite number. */
  sample(atMs: number, value: number): void;
  /** Forgets everything: the series come again from the first. */
  reset(): void;
}

export type ResultType = 'vector' | 'matrix';

interface Envelope {
  readonly status?: unknown;
  readonly errorType?: unknown;
  readonly error?: unknown;
  readonly warnings?: unknown;
  readonly infos?: unknown;
  /** VictoriaMetrics: some storage nodes did not answer. */
  readonly isPartial?: unknown;
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown };
}

const RESULT = Buffer.from('"result":[');
const MAX_WARNINGS = 5;
const MAX_TEXT = 300;
export const shorten = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);

function parseJson(bytes: Buffer): Envelope {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as unknown;
    if (typeof value === 'object' && value !== null && 'status' in value) return value;
  } catch (cause) {
    throw new BridgeError('PROMETHEUS_BAD_ANSWER', { detail: 'not JSON', cause });
  }
  throw new BridgeError('PROMETHEUS_BAD_ANSWER', { detail: 'JSON of another kind' });
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === 'string').map(shorten) : [];

/**
 * Prometheus's own engine marks remarks on a query as "PromQL warning" or "PromQL info": the data is complete all the
 * same. Any other warning (Thanos, Mimir, remote read) is about storage that did not answer.
 */
function notesOf(envelope: Envelope): AnswerNotes {
  const warnings = texts(envelope.warnings);
  const partial = envelope.isPartial === true || warnings.some((text) => !/^PromQL (warning|info):/.test(text));
  return { partial, warnings: [...warnings, ...texts(envelope.infos)].slice(0, MAX_WARNINGS) };
}

/** What an answer with `status: error` means. Undefined when the bytes are not such an answer. */
export function apiError(bytes: Buffer): BridgeError | undefined {
  let envelope: Envelope;
  try {
    envelope = parseJson(bytes);
  } catch {
    return undefined; // not the API's own error: the caller judges by the HTTP status
  }
  if (envelope.status !== 'error') return undefined;
  const detail = shorten(`${String(envelope.errorType)}: ${String(envelope.error)}`);
  const code = envelope.errorType === 'timeout' ? 'PROMETHEUS_TIMEOUT' : 'PROMETHEUS_QUERY_FAILED';
  return new BridgeError(code, { detail });
}

type JsonSample = readonly [unknown, unknown];
interface JsonSeries {
  readonly metric?: Readonly<Record<string, unknown>>;
  readonly value?: JsonSample;
  readonly values?: readonly JsonSample[];
}

/** Whatever the scanner does not know (escapes, white space, native histograms) is read as any JSON is. */
function replay(result: readonly JsonSeries[], sink: SeriesSink): void {
  for (const series of result) {
    const values = sink.labels.map((label) => series.metric?.[label]);
    const known = values.map((value) => (typeof value === 'string' ? value : ''));
    const spans = new LabelSpans(Buffer.from(known.join(''), 'utf8'), values.length);
    let at = 0;
    values.forEach((value, i) => {
      spans.starts[i] = at;
      at += Buffer.byteLength(known[i]);
      if (typeof value !== 'string') return;
      spans.ends[i] = at;
      spans.hashes[i] = hashBytes(spans.bytes, spans.starts[i], at);
    });
    sink.series(spans);
    const samples = series.values ?? (series.value === undefined ? [] : [series.value]);
    for (const [time, text] of samples) sink.sample(Math.round(Number(time) * 1000), sampleValue(text));
  }
}

function sampleValue(text: unknown): number {
  const value = typeof text === 'string' && text !== '' ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/**
 * Reads a 2xx answer of /query or /query_range into the sink.
 * Throws PROMETHEUS_BAD_ANSWER when it is not of the API, PROMETHEUS_QUERY_FAILED when it is of another result type.
 */
export function readAnswer(bytes: Buffer, expected: ResultType, sink: SeriesSink): AnswerNotes {
  const found = bytes.indexOf(RESULT);
  const end = found < 0 ? -1 : scanSeries(bytes, found + RESULT.length, sink);
  let envelope: Envelope;
  if (end < 0) {
    sink.reset();
    envelope = parseJson(bytes);
  } else {
    // The array has been read: what surrounds it is a few dozen bytes of JSON.
    envelope = parseJson(Buffer.concat([bytes.subarray(0, found + RESULT.length), bytes.subarray(end - 1)]));
  }
  const { resultType, result } = envelope.data ?? {};
  if (envelope.status !== 'success' || !Array.isArray(result)) {
    throw new BridgeError('PROMETHEUS_BAD_ANSWER', { detail: `status ${shorten(String(envelope.status))}` });
  }
  if (resultType !== expected) {
    const detail = `the result is a ${shorten(String(resultType))}, expected a ${expected}`;
    throw new BridgeError('PROMETHEUS_QUERY_FAILED', { detail });
  }
  if (end < 0) replay(result as JsonSeries[], sink);
  return notesOf(envelope);
}
