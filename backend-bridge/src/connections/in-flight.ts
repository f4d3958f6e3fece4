/** Calls under way. Who asks for what is being fetched already waits for that. */
export class InFlight<T> {
  readonly #calls = new Map<string, Promise<T>>();

  share(key: string, call: () => Promise<T>): Promise<T> {
    const underWay = this.#calls.get(key);
    if (underWay !== undefined) return underWay;
    const started = call().finally(() => this.#calls.delete(key));
    this.#calls.set(key, started);
    return started;
  }
}
