import * as z from "zod";
import { Settings } from "../../../shared/hosts/settings/settings.ts";

export interface Setting {
  /** `scanner.slots`; `registries[].host` of each item of a list. */
  readonly path: string;
  /** Undefined when there is none. */
  readonly default: string | number | boolean | readonly string[] | undefined;
  readonly required: boolean;
}

/** Everything that can be set, out of the schema itself. */
export function everySetting(): readonly Setting[] {
  return settingsIn(Schema.parse(z.toJSONSchema(Settings, { io: "input", unrepresentable: "any" })), "");
}

/** As far as settings go. A secret has several forms and is one setting. */
const Schema = z.object({
  default: z
    .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
    .optional()
    .catch(undefined),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
});

function settingsIn({ properties = {}, required }: z.output<typeof Schema>, prefix: string): readonly Setting[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    if (schema.properties !== undefined) return settingsIn(schema, `${path}.`);
    const setting = { path, default: schema.default, required: required.includes(name) };
    const { items } = schema;
    if (items?.properties === undefined) return [setting];
    // zod leaves out the default of a list whose items it transforms: a list that need not be there is empty.
    return [{ ...setting, ...(!setting.required && { default: [] }) }, ...settingsIn(items, `${path}[].`)];
  });
}
