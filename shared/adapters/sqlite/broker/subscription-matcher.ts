import { correlationMatcher } from "./correlation-filter.ts";
import { sqlMatcher } from "./sql-filter.ts";
import type { Content } from "./stored-message.ts";
import type { SubscriptionFilter } from "./subscription-filter.ts";

/** Throws InvalidSqlFilterError, so that a filter is refused when the broker is opened and not when a message comes. */
export function subscriptionMatcher(filter: SubscriptionFilter = { kind: "true" }): (content: Content) => boolean {
  switch (filter.kind) {
    case "true":
      return () => true;
    case "correlation":
      return correlationMatcher(filter);
    case "sql":
      return sqlMatcher(filter.expression);
  }
}
