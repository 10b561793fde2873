import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { format } from "prettier";
import { alertKinds } from "../shared/domain/alert.ts";
import { alertEventJsonSchema } from "../shared/messages/alert-schema.ts";

// Run it after a change of shared/messages/alert-schema.ts: node tools/write-event-schemas.ts

const folder = resolve(import.meta.dirname, "../docs/events");
mkdirSync(folder, { recursive: true });
for (const kind of alertKinds) {
  const file = resolve(folder, `${kind}.schema.json`);
  const text = await format(JSON.stringify(alertEventJsonSchema(kind)), { parser: "json", printWidth: 120 });
  writeFileSync(file, text);
  console.log(`Wrote ${file}`);
}
