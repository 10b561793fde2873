/**
 * A value that must not reach a log, an error, a document or an argument list. Only {@link Secret.reveal} gives it out;
 * every implicit way to print it (template, JSON, console, error cause) gives "[secret]".
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Call it where the value leaves the process, not before. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  /** What console.log and Node's inspect ask for. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
