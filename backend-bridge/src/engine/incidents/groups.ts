import type { Network } from './network.ts';

/** A troubled resource as grouping sees it. */
export interface Linkable {
  /** Index into resources. */
  readonly index: number;
  /** What it already belongs to; equal owners are one group whatever the graph says. */
  readonly owner: object | undefined;
  /** When its trouble, or that of its owner, began and last got worse, epoch milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Trouble that begins later than this after the last of its neighbour's is another one. */
export const NEAR_MS = 900_000;
/** Resources without data in a row that trouble is believed to pass through. */
const MAX_UNSEEN = 3;

/** Disjoint sets; each knows the time that its members span. */
class Sets {
  readonly #parent: number[] = [];
  readonly #firstMs: number[] = [];
  readonly #lastMs: number[] = [];

  add(firstMs: number, lastMs: number): number {
    this.#firstMs.push(firstMs);
    this.#lastMs.push(lastMs);
    return this.#parent.push(this.#parent.length) - 1;
  }

  root(of: number): number {
    let at = of;
    while (this.#parent[at] !== at) at = this.#parent[at] = this.#parent[this.#parent[at]];
    return at;
  }

  join(a: number, b: number): void {
    const [x, y] = [this.root(a), this.root(b)].sort((p, q) => p - q);
    if (x === y) return;
    this.#parent[y] = x;
    this.#firstMs[x] = Math.min(this.#firstMs[x], this.#firstMs[y]);
    this.#lastMs[x] = Math.max(this.#lastMs[x], this.#lastMs[y]);
  }

  joinIfNear(a: number, b: number): void {
    const [x, y] = [this.root(a), this.root(b)];
    const apartMs = Math.max(this.#firstMs[x] - this.#lastMs[y], this.#firstMs[y] - this.#lastMs[x]);
    // What has no data has no time of its own: it is near to anything.
    if (apartMs <= NEAR_MS || apartMs === Infinity) this.join(x, y);
  }
}

/**
 * Puts together what is near: a resource and what it depends on, where both are troubled and their troubles are within
 * NEAR_MS; and what is linked by dependencies without data, down to MAX_UNSEEN of them. Such a one is believed to pass
 * trouble on only if at least half of its callers of which something is known are troubled: one of a hundred callers in
 * trouble says nothing of it. Two callers of a healthy dependency stay apart, and so do two dependencies of a healthy
 * caller. Returns positions in `items`, ascending within a group; groups in the order of their first item.
 */
export function groupNear(
  network: Network,
  items: readonly Linkable[],
  isKnown: (index: number) => boolean,
): readonly (readonly number[])[] {
  const { topology, outOffsets } = network;
  const sets = new Sets();
  const elementAt = new Map<number, number>();
  const ofOwner = new Map<object, number>();
  for (const { index, owner, firstMs, lastMs } of items) {
    const element = sets.add(firstMs, lastMs);
    elementAt.set(index, element);
    if (owner === undefined) continue;
    const other = ofOwner.get(owner);
    if (other === undefined) ofOwner.set(owner, element);
    else sets.join(other, element);
  }
  let frontier = items.map(({ index }) => index);
  for (let unseen = 0; unseen <= MAX_UNSEEN && frontier.length > 0; unseen += 1) {
    const next = new Set<number>();
    for (const source of frontier) {
      for (let e = outOffsets[source]; e < outOffsets[source + 1]; e += 1) {
        const target = topology.edgeTarget[e];
        const element = elementAt.get(target);
        if (element !== undefined) sets.joinIfNear(elementAt.get(source) as number, element);
        else if (!isKnown(target)) next.add(target);
      }
    }
    const isLast = unseen === MAX_UNSEEN;
    const passing = isLast ? [] : [...next].filter((index) => isPassing(network, index, { elementAt, isKnown }));
    for (const index of passing) elementAt.set(index, sets.add(Infinity, -Infinity));
    for (const index of passing) joinCallers(network, index, { elementAt, sets });
    frontier = passing;
  }
  const groups = new Map<number, number[]>();
  for (let position = 0; position < items.length; position += 1) {
    const root = sets.root(position);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [position]);
    else group.push(position);
  }
  return [...groups.values()];
}

type Elements = ReadonlyMap<number, number>;

function isPassing(
  { inOffsets, inSources }: Network,
  index: number,
  { elementAt, isKnown }: { elementAt: Elements; isKnown: (index: number) => boolean },
): boolean {
  let [troubled, telling] = [0, 0];
  for (let k = inOffsets[index]; k < inOffsets[index + 1]; k += 1) {
    if (elementAt.has(inSources[k])) troubled += 1;
    else if (isKnown(inSources[k])) telling += 1;
  }
  return troubled >= telling;
}

function joinCallers(
  { inOffsets, inSources }: Network,
  index: number,
  { elementAt, sets }: { elementAt: Elements; sets: Sets },
): void {
  const own = elementAt.get(index) as number;
  for (let k = inOffsets[index]; k < inOffsets[index + 1]; k += 1) {
    const caller = elementAt.get(inSources[k]);
    if (caller !== undefined) sets.joinIfNear(caller, own);
  }
}
