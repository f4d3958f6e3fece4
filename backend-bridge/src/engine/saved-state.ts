import type { MetricSpec, Topology } from '@topdeck/protocol';
import { BASELINE_LAYOUT } from './baseline.ts';
import type { Detector } from './detectors/detector.ts';
import { allocateState, remapEngineState, remapTopology, type EngineState, type Known } from './engine-state.ts';
import { GATE_LAYOUT } from './gate.ts';
import { HEALTH_LAYOUT } from './health-status.ts';
import type { Layout, SeriesState } from './series-state.ts';
import { SURPRISE_LAYOUT } from './surprise/surprise.ts';
import { TRAFFIC_LAYOUT } from './traffic.ts';

/**
 * What an engine has learnt, as bytes: MAGIC, the format's version, the length of a JSON header, the header, and the
 * arrays of the state one after the other, each from a multiple of 8 on. Byte order is the machine's, since a file stays
 * where it was written; MAGIC reads differently on another.
 */
const MAGIC = 0x54444c45;
const VERSION = 1;
const PREFIX_BYTES = 12;
const ALIGNMENT = 8;

/** Trends are of the last minutes, and begin anew. */
const LAYOUTS = {
  baseline: BASELINE_LAYOUT,
  surprise: SURPRISE_LAYOUT,
  gate: GATE_LAYOUT,
  health: HEALTH_LAYOUT,
  traffic: TRAFFIC_LAYOUT,
} as const satisfies Record<string, Layout>;

interface Header {
  readonly stepMs: number;
  readonly nowMs: number;
  readonly atMs: number;
  readonly warmingUp: boolean;
  /** Of all layouts: other fields, widths or meanings make other numbers. */
  readonly layouts: string;
  readonly metrics: readonly string[];
  readonly detectors: readonly string[];
  readonly resources: readonly string[];
  /** Indices of source and target. */
  readonly edges: readonly (readonly [source: number, target: number])[];
}

export interface SavedShape {
  readonly metrics: readonly MetricSpec[];
  readonly detectors: readonly Detector[];
  readonly stepMs: number;
}

export interface SavedMoment {
  /** The engine's own time, and the wall time of its newest batch. */
  readonly nowMs: number;
  readonly atMs: number;
  readonly warmingUp: boolean;
}

export type Restored =
  | ({ readonly kind: 'restored'; readonly state: EngineState; readonly services: number } & SavedMoment)
  | { readonly kind: 'ignored'; readonly reason: string };

export type RestoreOutcome =
  | { readonly kind: 'restored'; readonly atMs: number; readonly services: number }
  | Extract<Restored, { kind: 'ignored' }>;

const align = (at: number): number => Math.ceil(at / ALIGNMENT) * ALIGNMENT;

const layoutsText = (): string => JSON.stringify(LAYOUTS);
const nameOf = ({ scope, name }: MetricSpec): string => `${scope}.${name}`;

/** Every part of the state that is saved, in the order of the file. */
function partsOf(state: EngineState): (readonly [Layout, SeriesState<Layout>])[] {
  const { baselines, surprises, gates, health, traffic } = state;
  const some = <T>(all: readonly (T | undefined)[]): T[] => all.filter((one) => one !== undefined);
  return [
    ...baselines.map((part) => [LAYOUTS.baseline, part] as const),
    ...some(surprises).map((part) => [LAYOUTS.surprise, part] as const),
    ...some(gates.flat()).map((part) => [LAYOUTS.gate, part] as const),
    [LAYOUTS.health, health],
    [LAYOUTS.traffic, traffic],
  ];
}

const arraysOf = (state: EngineState): Float64Array[] =>
  partsOf(state).flatMap(([layout, part]) => Object.keys(layout).map((field) => part[field] as Float64Array));

function headerOf(shape: SavedShape, topology: Topology, moment: SavedMoment): Header {
  return {
    stepMs: shape.stepMs,
    ...moment,
    layouts: layoutsText(),
    metrics: shape.metrics.map(nameOf),
    detectors: shape.detectors.map(({ name }) => name),
    resources: topology.resources.map(({ id }) => id),
    edges: topology.dependencies.map((_, e) => [topology.edgeSource[e], topology.edgeTarget[e]] as const),
  };
}

export function encodeState(
  shape: SavedShape,
  { topology, state, moment }: { topology: Topology; state: EngineState; moment: SavedMoment },
): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify(headerOf(shape, topology, moment)));
  const arrays = arraysOf(state);
  const start = align(PREFIX_BYTES + header.length);
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + align(byteLength), start));
  new Uint32Array(bytes.buffer, 0, 3).set([MAGIC, VERSION, header.length]);
  bytes.set(header, PREFIX_BYTES);
  let at = start;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += align(byteLength);
  }
  return bytes;
}

const ignored = (reason: string): { readonly kind: 'ignored'; readonly reason: string } => ({
  kind: 'ignored',
  reason,
});

/** The header, or why these bytes are of no use to an engine of this shape. */
function readHeader(bytes: Uint8Array, shape: SavedShape): { header: Header; start: number } | { reason: string } {
  if (bytes.length < PREFIX_BYTES) return { reason: 'it is cut off' };
  const [magic, version, length] = new Uint32Array(bytes.slice(0, PREFIX_BYTES).buffer);
  if (magic !== MAGIC) return { reason: 'it is no state of detectors' };
  if (version !== VERSION) return { reason: `it has version ${version}, and this is version ${VERSION}` };
  if (PREFIX_BYTES + length > bytes.length) return { reason: 'it is cut off' };
  let header: Header;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length))) as Header;
  } catch {
    return { reason: 'its header cannot be read' };
  }
  const differs = (
    [
      ['layouts', header.layouts, layoutsText()],
      ['collection interval', header.stepMs, shape.stepMs],
      ['metrics', header.metrics.join(', '), shape.metrics.map(nameOf).join(', ')],
      ['detectors', header.detectors.join(', '), shape.detectors.map(({ name }) => name).join(', ')],
    ] as const
  ).find(([, saved, own]) => saved !== own);
  if (differs !== undefined) return { reason: `it was learnt with other ${differs[0]}` };
  return { header, start: align(PREFIX_BYTES + length) };
}

const knownOf = ({ resources, edges }: Header): Known => ({
  indexOf: new Map(resources.map((id, i) => [id, i])),
  dependencies: edges.map(([source, target]) => ({ source: resources[source], target: resources[target] })),
});

/** The state for this topology: what left it is dropped, what is new to it starts afresh. */
export function decodeState(bytes: Uint8Array, shape: SavedShape, topology: Topology): Restored {
  const read = readHeader(bytes, shape);
  if ('reason' in read) return ignored(read.reason);
  const { header, start } = read;
  const saved = allocateState(shape, { services: header.resources.length, edges: header.edges.length });
  const arrays = arraysOf(saved);
  const size = arrays.reduce((sum, { byteLength }) => sum + align(byteLength), start);
  if (size !== bytes.length) return ignored('its length is not that of what it says it holds');
  let at = start;
  for (const { buffer, byteLength } of arrays) {
    new Uint8Array(buffer).set(bytes.subarray(at, at + byteLength));
    at += align(byteLength);
  }
  const remaps = remapTopology(knownOf(header), topology);
  const services = remaps.service.reduce((count, from) => count + (from >= 0 ? 1 : 0), 0);
  if (services === 0 && topology.resources.length > 0) return ignored('it knows none of the services');
  const { nowMs, atMs, warmingUp } = header;
  return { kind: 'restored', state: remapEngineState(shape, saved, remaps), services, nowMs, atMs, warmingUp };
}
