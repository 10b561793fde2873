import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";

/** The JSON files of a directory of test/fixtures, as text. */
export function fixtures(directory: string): readonly string[] {
  const path = resolve(import.meta.dirname, "../../fixtures", directory);
  return readdirSync(path)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => readFileSync(resolve(path, name), "utf8"));
}

/** What a member of each of these files holds: recordings say beside it where they come from. */
export function recordings(directory: string, member: string): readonly string[] {
  return fixtures(directory).map((text) =>
    JSON.stringify(z.record(z.string(), z.unknown()).parse(JSON.parse(text))[member]),
  );
}

/** The JSON value of an input; undefined when it is none, which no parser of values ever gets to see. */
export function jsonOf(input: Uint8Array): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(input).toString());
    return { value };
  } catch {
    return undefined;
  }
}
