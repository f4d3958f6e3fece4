import type { LayoutResponse } from '@topdeck/protocol';

/** Resolves or rejects like `shared`, unless the signal aborts first: then with its reason. */
async function orAbort<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([shared, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The layout of one version of the topology, read once however many panels ask. */
export class LayoutCache {
  readonly #read: () => Promise<LayoutResponse>;
  #version: string | undefined;
  #layout: Promise<LayoutResponse> | undefined;

  constructor(read: () => Promise<LayoutResponse>) {
    this.#read = read;
  }

  get(version: string, signal: AbortSignal): Promise<LayoutResponse> {
    if (this.#layout === undefined || this.#version !== version) this.#start(version);
    return orAbort(this.#layout as Promise<LayoutResponse>, signal);
  }

  #start(version: string): void {
    const reading = this.#read();
    const forget = (): void => {
      if (this.#layout === reading) this.#layout = undefined;
    };
    this.#version = version;
    this.#layout = reading;
    // Of a topology that changed meanwhile it serves those who wait, and no one after them.
    reading.then((layout) => {
      if (layout.topology_version !== version) forget();
    }, forget);
  }
}
