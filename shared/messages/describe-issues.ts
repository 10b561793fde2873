import type * as z from "zod";
import { printable } from "../domain/printable.ts";

/**
 * What a schema found wrong, one text for each part, and at the end how many more there are: at most so many characters
 * together. Names of members are the sender's, and may be anything.
 */
export function describeIssues(error: z.ZodError, mostCharacters: number, whole = "it"): readonly string[] {
  const described: string[] = [];
  let room = mostCharacters;
  for (const { path, message } of error.issues) {
    const text = `${printable(path.join("."), 150) || whole}: ${printable(message, 190)}`;
    room -= text.length;
    if (room < 0 && described.length > 0) break;
    described.push(text);
  }
  const more = error.issues.length - described.length;
  return more === 0 ? described : [...described, `and ${more} more`];
}
