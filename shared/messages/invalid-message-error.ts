import type * as z from "zod";
import { describeIssues } from "./describe-issues.ts";
import { isNestedTooDeep } from "./is-nested-too-deep.ts";

/** What came from outside is not what it should be. The message says which part and why, and quotes no content. */
export class InvalidMessageError extends Error {
  override name = "InvalidMessageError";
}

/** Parses with a schema, or throws an {@link InvalidMessageError} that names the wrong parts. */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidMessageError(`Not a ${what}: ${describeIssues(result.error, 1500).join("; ")}.`);
}

/** Text to JSON that can become text again, or an {@link InvalidMessageError}. */
export function parseJson(text: string, what: string): unknown {
  if (isNestedTooDeep(text)) throw new InvalidMessageError(`Not a ${what}: it is nested more than 500 levels deep.`);
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new InvalidMessageError(`Not a ${what}: it is not JSON.`);
  }
}
