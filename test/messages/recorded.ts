import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A file of test/fixtures as JSON. */
export function recorded(path: string): unknown {
  const value: unknown = JSON.parse(readFileSync(resolve(import.meta.dirname, "../fixtures", path), "utf8"));
  return value;
}
