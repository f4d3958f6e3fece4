import { createHash } from 'node:crypto';
import type { ViewSpec } from '../publisher/feed.ts';

/** A view that clients hold. Equal views are one object, so that identity is equality. */
export interface View {
  readonly id: number;
  readonly spec: ViewSpec;
}

interface Entry {
  readonly view: View;
  readonly digest: string;
  holders: number;
}

/** Resources of a view in canonical form; `resourceIds` empty: the client sees everything. */
export interface ViewChoice {
  /** Sorted, without repeats. */
  readonly resourceIds: readonly string[];
  readonly depth: number;
}

export const choiceOf = (view: View): ViewChoice =>
  view.spec.kind === 'all' ? { resourceIds: [], depth: 0 } : view.spec;

/** The views in use. Keyed by digest: a thousand long ids a client would else be held twice. */
export class ViewRegistry {
  readonly all: View = { id: 0, spec: { kind: 'all' } };
  readonly #byDigest = new Map<string, Entry>();
  readonly #byView = new Map<View, Entry>();
  #nextId = 1;

  /** Each acquired view must be released once. */
  acquire({ resourceIds, depth }: ViewChoice): View {
    if (resourceIds.length === 0) return this.all;
    const digest = createHash('sha256')
      .update(JSON.stringify([depth, resourceIds]))
      .digest('base64');
    let entry = this.#byDigest.get(digest);
    if (entry === undefined) {
      entry = { view: { id: this.#nextId++, spec: { kind: 'resources', resourceIds, depth } }, digest, holders: 0 };
      this.#byDigest.set(digest, entry);
      this.#byView.set(entry.view, entry);
    }
    entry.holders += 1;
    return entry.view;
  }

  release(view: View): void {
    const entry = this.#byView.get(view);
    if (entry === undefined) return;
    entry.holders -= 1;
    if (entry.holders > 0) return;
    this.#byDigest.delete(entry.digest);
    this.#byView.delete(view);
  }

  /** Views other than the one of everything. */
  get size(): number {
    return this.#byView.size;
  }
}
