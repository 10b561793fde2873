import { readFileSync } from "node:fs";
import * as z from "zod";
import { Secret } from "../../domain/secret.ts";

/**
 * A secret in the settings: `{ env: NAME }` or `{ file: path }`, so that the settings file itself needs no protection.
 * A plain text is taken too, for what comes by environment variable.
 */
export const SecretValue = z
  .union(
    [z.string().min(1), z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
    "expected { env: NAME }, { file: path } or text",
  )
  .transform((value, context) => {
    if (typeof value === "string") return new Secret(value);
    const text = "env" in value ? process.env[value.env] : readTrimmed(value.file);
    if (text !== undefined && text !== "") return new Secret(text);
    context.addIssue(
      "env" in value
        ? `the environment variable ${value.env} is not set`
        : `the file ${value.file} cannot be read, or is empty`,
    );
    return z.NEVER;
  });

function readTrimmed(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
