import { z } from "zod";

/** What came from outside is not what it should be. The message says which part and why, and quotes no content. */
export class InvalidMessageError extends Error {
  override name = "InvalidMessageError";
}

/** Parses with a schema, or throws an {@link InvalidMessageError} that names the wrong parts. */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // The names of a record's members are the sender's, and may be long.
  const problems = result.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join(".").slice(0, 200) || "it"}: ${message.slice(0, 200)}`);
  throw new InvalidMessageError(`Not a ${what}: ${problems.join("; ")}.`);
}

/** Text to JSON, or an {@link InvalidMessageError}. */
export function parseJson(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new InvalidMessageError(`Not a ${what}: it is not JSON.`);
  }
}
