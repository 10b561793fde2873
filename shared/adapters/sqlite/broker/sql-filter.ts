import { holds } from "./sql-filter-evaluation.ts";
import { InvalidSqlFilterError } from "./invalid-sql-filter-error.ts";
import { parseSqlFilter } from "./sql-filter-parser.ts";
import type { Content } from "./stored-message.ts";

/**
 * The part of Service Bus's SQL filters that subscriptions to findings need; docs/broker.md has the grammar. What is
 * outside of it throws InvalidSqlFilterError, for a filter that is half understood lets the wrong messages through.
 */
export function sqlMatcher(expression: string): (content: Content) => boolean {
  if (expression.length > LONGEST_EXPRESSION) {
    throw new InvalidSqlFilterError(
      expression,
      LONGEST_EXPRESSION,
      `it is longer than ${LONGEST_EXPRESSION} characters`,
    );
  }
  const condition = parseSqlFilter(expression);
  return (content) => holds(condition, content);
}

/** Service Bus quotas. */
const LONGEST_EXPRESSION = 1_024;
