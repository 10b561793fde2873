import { z } from "zod";
import { steps } from "../../../shared/ports/step.ts";

/** One place of the code to be changed when it is loaded. */
export type SourceEdit = z.infer<typeof SourceEdit>;

const SourceEdit = z.object({
  /** The end of the module's path. */
  module: z.string(),
  /** Has to be there exactly once. */
  find: z.string(),
  replace: z.string(),
});

/** What programs/preload.ts does to the process that it is loaded into. */
export type PreloadOrders = z.infer<typeof PreloadOrders>;

const PreloadOrders = z.object({
  killAt: z.object({ step: z.enum(steps), occurrence: z.number() }).optional(),
  clockAheadMs: z.number(),
  diskFull: z.boolean(),
  edits: z.array(SourceEdit).readonly(),
});

/** Edits are given with every life, so that compiled code can be kept from one to the next. */
export function ordersEnvironment(orders: PreloadOrders): Readonly<Record<string, string>> {
  return {
    [variable]: JSON.stringify({ ...orders, edits: [...timeAndDisk, ...orders.edits] }),
    CHAOS_CLOCK_AHEAD_MS: orders.clockAheadMs.toString(),
    CHAOS_SPARE_PAGES: orders.diskFull ? "3" : "1000000",
  };
}

export function readOrders(environment: Readonly<Record<string, string | undefined>>): PreloadOrders {
  return PreloadOrders.parse(JSON.parse(environment[variable] ?? "{}"));
}

const variable = "CHAOS_ORDERS";

const timeAndDisk: readonly SourceEdit[] = [
  {
    module: "shared/ports/clock.ts",
    find: "now: () => new Date(),",
    replace: 'now: () => new Date(Date.now() + Number(process.env["CHAOS_CLOCK_AHEAD_MS"])),',
  },
  {
    // SQLite then says what it says when the disk is full, at the same places (SQLITE_FULL).
    module: "shared/adapters/sqlite/open-database.ts",
    find: 'PRAGMA fullfsync = ON");\n',
    replace: `PRAGMA fullfsync = ON");
  const used = Number(Object.values(connection.prepare("PRAGMA page_count").get() ?? {})[0]);
  connection.exec("PRAGMA max_page_count = " + (used + Number(process.env["CHAOS_SPARE_PAGES"])).toString());
`,
  },
];
