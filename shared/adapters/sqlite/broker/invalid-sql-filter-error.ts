/** The filter is not one that this broker can answer rightly. */
export class InvalidSqlFilterError extends Error {
  override name = "InvalidSqlFilterError";
  readonly expression: string;
  /** Counted from 0, in characters. */
  readonly position: number;

  constructor(expression: string, position: number, problem: string) {
    super(`The SQL filter ${JSON.stringify(expression)} cannot be used: ${problem} (at character ${position + 1}).`);
    this.expression = expression;
    this.position = position;
  }
}
