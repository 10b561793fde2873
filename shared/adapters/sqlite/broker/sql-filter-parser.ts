import { InvalidSqlFilterError } from "./invalid-sql-filter-error.ts";
import { tokenReader, type TokenReader } from "./sql-filter-reader.ts";
import { parseOperand, parseProperty } from "./sql-filter-operands.ts";
import type { Comparison, Condition, Operand } from "./sql-filter-syntax.ts";
import { sqlFilterTokens } from "./sql-filter-tokens.ts";

/** NOT binds closer than AND, AND closer than OR. */
export function parseSqlFilter(expression: string): Condition {
  const reader = tokenReader(expression, sqlFilterTokens(expression));
  const condition = parseOr(reader);
  if (reader.peek().kind !== "end") throw reader.problem("AND, OR or the end is expected here");
  return condition;
}

function parseOr(reader: TokenReader): Condition {
  let left = parseAnd(reader);
  while (reader.takeWord("OR")) left = { kind: "or", left, right: parseAnd(reader) };
  return left;
}

function parseAnd(reader: TokenReader): Condition {
  let left = parseNot(reader);
  while (reader.takeWord("AND")) left = { kind: "and", left, right: parseNot(reader) };
  return left;
}

function parseNot(reader: TokenReader): Condition {
  if (reader.takeWord("NOT")) return { kind: "not", operand: parseNot(reader) };
  if (reader.takeSymbol("(")) {
    const inner = parseOr(reader);
    reader.expectSymbol(")");
    return inner;
  }
  if (reader.takeWord("EXISTS")) {
    reader.expectSymbol("(");
    const property = parseProperty(reader);
    reader.expectSymbol(")");
    return { kind: "exists", property };
  }
  return parseTest(reader);
}

function parseTest(reader: TokenReader): Condition {
  const operand = parseOperand(reader);
  if (reader.takeWord("IS")) return parseIsNull(reader, operand);
  if (reader.takeWord("NOT")) return { kind: "not", operand: parseInOrLike(reader, operand) };
  const token = reader.peek();
  const operator = token.kind === "symbol" ? COMPARISONS.get(token.text) : undefined;
  if (operator === undefined) return parseInOrLike(reader, operand);
  reader.take();
  const right = parseOperand(reader);
  if (ordering.has(operator)) {
    for (const side of [operand, right]) {
      if (side.kind === "literal" && typeof side.value !== "number") {
        throw new InvalidSqlFilterError(reader.expression, token.at, `${operator} compares numbers only`);
      }
    }
  }
  return { kind: "compare", operator, left: operand, right };
}

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ["=", "="],
  ["<>", "<>"],
  ["!=", "<>"],
  ["<", "<"],
  [">", ">"],
  ["<=", "<="],
  [">=", ">="],
]);
const ordering: ReadonlySet<Comparison> = new Set(["<", ">", "<=", ">="]);

/** A property is null here when it is missing, so IS NULL is the opposite of EXISTS. */
function parseIsNull(reader: TokenReader, operand: Operand): Condition {
  const negated = reader.takeWord("NOT");
  if (!reader.takeWord("NULL")) throw reader.problem("NULL is expected after IS");
  if (operand.kind === "literal") throw reader.problem("IS NULL asks about a property, not a value");
  const exists: Condition = { kind: "exists", property: operand };
  return negated ? exists : { kind: "not", operand: exists };
}

function parseInOrLike(reader: TokenReader, operand: Operand): Condition {
  if (reader.takeWord("IN")) {
    reader.expectSymbol("(");
    const options = [parseOperand(reader)];
    while (reader.takeSymbol(",")) options.push(parseOperand(reader));
    reader.expectSymbol(")");
    return { kind: "in", operand, options };
  }
  if (reader.takeWord("LIKE")) {
    const pattern = reader.expectString("LIKE takes a pattern in quotation marks");
    const escape = reader.takeWord("ESCAPE")
      ? reader.expectString("ESCAPE takes one character in quotation marks")
      : undefined;
    if (escape !== undefined && escape.length !== 1) throw reader.problem("ESCAPE takes exactly one character");
    return { kind: "like", operand, pattern, escape };
  }
  throw reader.problem("a comparison is expected here; of a truth value, write for example fixAvailable = TRUE");
}
