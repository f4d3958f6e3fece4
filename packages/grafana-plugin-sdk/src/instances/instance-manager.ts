import type { PluginContext } from '../handlers/plugin-context.ts';
import { after as realAfter, type After } from '../process/after.ts';

export interface InstanceManagerOptions<T> {
  /** Makes the instance of a data source or app from its settings. What it throws fails the calls that wait for it. */
  readonly create: (context: PluginContext) => T | Promise<T>;
  /** Called once an instance has been replaced (or the plugin ends) and its last user is done. */
  readonly dispose?: (instance: T) => void | Promise<void>;
  readonly onDisposeError?: (error: unknown) => void;
  /**
   * An instance that nobody has used for so long is disposed of; the next use makes a new one. Nobody tells a plugin that a
   * data source was deleted, so without this its instance stays until the plugin ends.
   */
  readonly idleMs?: number;
  /** For tests: the passing of time. */
  readonly after?: After;
}

interface Entry<T> {
  readonly version: string;
  readonly instance: Promise<T>;
  readonly superseded: AbortController;
  readonly disposed: PromiseWithResolvers<void>;
  users: number;
  /** Calls off the disposal for want of use. */
  wake: (() => void) | undefined;
}

/** `superseded` is aborted when settings were saved since: a call that lasts should end, to be started with the new ones. */
export type UseInstance<T, R> = (instance: T, superseded: AbortSignal) => Promise<R>;

const keyOf = ({ orgId, pluginId, dataSource }: PluginContext): string =>
  JSON.stringify([orgId, pluginId, dataSource === undefined ? 'app' : dataSource.uid]);

/** Grafana's own settings (feature toggles, its URL) reach an instance with its context, so they are part of it. */
const versionOf = ({ dataSource, app, grafanaConfig }: PluginContext): string =>
  JSON.stringify([(dataSource ?? app)?.updatedMs ?? 0, Object.entries(grafanaConfig).sort()]);

/** One instance for each data source (or app) and version of its settings, made at its first use. */
export class InstanceManager<T> {
  readonly #options: InstanceManagerOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  /** Replaced, and still in use. */
  readonly #retired = new Set<Entry<T>>();

  constructor(options: InstanceManagerOptions<T>) {
    this.#options = options;
  }

  /** Runs `body` with the instance for these settings, which is not disposed of before `body` has settled. */
  async use<R>(context: PluginContext, body: UseInstance<T, R>): Promise<R> {
    const entry = this.#entryFor(context);
    entry.users += 1;
    entry.wake?.();
    try {
      return await body(await entry.instance, entry.superseded.signal);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) this.#unused(entry);
    }
  }

  /** Disposes of all instances, each after its users, and resolves when that is done. Later uses make new ones. */
  async disposeAll(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const entry of entries) this.#retire(entry);
    const all = [...this.#retired];
    await Promise.all(all.map(({ disposed }) => disposed.promise));
  }

  #entryFor(context: PluginContext): Entry<T> {
    const key = keyOf(context);
    const version = versionOf(context);
    const current = this.#entries.get(key);
    if (current?.version === version) return current;
    const entry: Entry<T> = {
      version,
      instance: (async () => this.#options.create(context))(),
      superseded: new AbortController(),
      disposed: Promise.withResolvers(),
      users: 0,
      wake: undefined,
    };
    this.#entries.set(key, entry);
    // The next call tries again.
    entry.instance.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    if (current !== undefined) this.#retire(current);
    return entry;
  }

  #unused(entry: Entry<T>): void {
    const { idleMs, after = realAfter } = this.#options;
    if (this.#retired.has(entry)) void this.#dispose(entry);
    else if (idleMs !== undefined) entry.wake = after(idleMs, () => this.#evict(entry));
  }

  #evict(entry: Entry<T>): void {
    const found = [...this.#entries].find(([, current]) => current === entry);
    if (found === undefined) return;
    this.#entries.delete(found[0]);
    this.#retire(entry);
  }

  #retire(entry: Entry<T>): void {
    entry.wake?.();
    this.#retired.add(entry);
    entry.superseded.abort();
    if (entry.users === 0) void this.#dispose(entry);
  }

  /** A retired instance gets no new users, so this runs once: at the end of the last one. */
  async #dispose(entry: Entry<T>): Promise<void> {
    const { dispose, onDisposeError } = this.#options;
    try {
      // One that could not be made has told its callers, and there is nothing to dispose of.
      await entry.instance.then(dispose, () => undefined);
    } catch (error) {
      onDisposeError?.(error);
    } finally {
      this.#retired.delete(entry);
      entry.disposed.resolve();
    }
  }
}
