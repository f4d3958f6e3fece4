const SHOWN = '[secret]';

/**
 * A credential of either end of the connection. Every way of turning it into text hides it, in log lines, error texts and
 * dumps; only `reveal` does not. For processes alone: a browser never gets one.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}
