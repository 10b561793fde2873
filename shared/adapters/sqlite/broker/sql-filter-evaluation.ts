import { likeMatches } from "./like-matches.ts";
import type { Comparison, Condition, Operand, Value } from "./sql-filter-syntax.ts";
import type { Content } from "./stored-message.ts";

/** A condition that is unknown does not hold, and neither does its opposite. */
export function holds(condition: Condition, content: Content): boolean {
  const properties = new Map(
    Object.entries(content.applicationProperties).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return evaluate(condition, { content, properties }) === true;
}

/** SQL's three truth values; undefined is "unknown". */
type Truth = boolean | undefined;

interface Subject {
  readonly content: Content;
  readonly properties: ReadonlyMap<string, Value>;
}

function evaluate(condition: Condition, subject: Subject): Truth {
  switch (condition.kind) {
    case "and":
      return both(evaluate(condition.left, subject), evaluate(condition.right, subject));
    case "or":
      return negate(both(negate(evaluate(condition.left, subject)), negate(evaluate(condition.right, subject))));
    case "not":
      return negate(evaluate(condition.operand, subject));
    case "exists":
      return valueOf(condition.property, subject) !== undefined;
    case "compare":
      return compare(condition.operator, valueOf(condition.left, subject), valueOf(condition.right, subject));
    case "in":
      return isIn(
        valueOf(condition.operand, subject),
        condition.options.map((option) => valueOf(option, subject)),
      );
    case "like": {
      const value = valueOf(condition.operand, subject);
      return typeof value === "string" ? likeMatches(value, condition.pattern, condition.escape) : undefined;
    }
  }
}

function valueOf(operand: Operand, { content, properties }: Subject): Value | undefined {
  switch (operand.kind) {
    case "literal":
      return operand.value;
    case "user":
      return properties.get(operand.name);
    case "system":
      return content[operand.field];
  }
}

function both(left: Truth, right: Truth): Truth {
  if (left === false || right === false) return false;
  return left === undefined || right === undefined ? undefined : true;
}

function negate(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

/** Values of different types have no order and no equality: unknown, as when one is missing. */
function compare(operator: Comparison, left: Value | undefined, right: Value | undefined): Truth {
  if (left === undefined || right === undefined || typeof left !== typeof right) return undefined;
  if (operator === "=") return left === right;
  if (operator === "<>") return left !== right;
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  switch (operator) {
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "<=":
      return left <= right;
    case ">=":
      return left >= right;
  }
}

function isIn(value: Value | undefined, options: readonly (Value | undefined)[]): Truth {
  const answers = options.map((option) => compare("=", value, option));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}
