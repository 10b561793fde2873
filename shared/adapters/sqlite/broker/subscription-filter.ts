import type { CorrelationFilter } from "./correlation-filter.ts";

export type SubscriptionFilter = { readonly kind: "true" } | CorrelationFilter | SqlFilter;

export interface SqlFilter {
  readonly kind: "sql";
  /** At most 1,024 characters; docs/broker.md has the grammar. */
  readonly expression: string;
}
