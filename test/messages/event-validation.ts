import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import * as z from "zod";
import type { Alert } from "../../shared/domain/alert.ts";

/** What ajv finds wrong with an event by the published JSON Schema of its kind. */
export function problemsOf(kind: Alert["kind"], event: unknown): readonly string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  formats.default(ajv);
  const file = resolve(import.meta.dirname, `../../docs/events/${kind}.schema.json`);
  const schema = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, "utf8")));
  ajv.validate(schema, event);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ""}`);
}
