import type { ApplicationProperties } from "./message.ts";
import type { Content } from "./stored-message.ts";

/** All values given must be equal, letter case included. */
export interface CorrelationFilter {
  readonly kind: "correlation";
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly subject?: string;
  readonly to?: string;
  readonly contentType?: string;
  readonly applicationProperties?: ApplicationProperties;
}

export function correlationMatcher(filter: CorrelationFilter): (content: Content) => boolean {
  const { messageId, correlationId, subject, to, contentType, applicationProperties = {} } = filter;
  const system = entriesGiven({ messageId, correlationId, subject, to, contentType });
  const application = entriesGiven(applicationProperties);
  return (content) => hasAll(content, system) && hasAll(content.applicationProperties, application);
}

function entriesGiven(values: object): readonly [name: string, value: unknown][] {
  return Object.entries(values).filter(([, value]) => value !== undefined);
}

function hasAll(actual: object, wanted: readonly [name: string, value: unknown][]): boolean {
  const values = new Map<string, unknown>(Object.entries(actual));
  return wanted.every(([name, value]) => values.get(name) === value);
}
