import * as z from "zod";
import { steps } from "../../../shared/ports/step.ts";

/** What programs/preload.ts does to the process that it is part of. */
export type PreloadOrders = z.infer<typeof PreloadOrders>;

const PreloadOrders = z.object({
  killAt: z.object({ step: z.enum(steps), occurrence: z.number() }).optional(),
  clockAheadMs: z.number(),
  diskFull: z.boolean(),
});

export function ordersEnvironment(orders: PreloadOrders): Readonly<Record<string, string>> {
  return {
    [variable]: JSON.stringify(orders),
    CHAOS_CLOCK_AHEAD_MS: orders.clockAheadMs.toString(),
    CHAOS_SPARE_PAGES: orders.diskFull ? "3" : "1000000",
  };
}

export function readOrders(environment: Readonly<Record<string, string | undefined>>): PreloadOrders {
  return PreloadOrders.parse(JSON.parse(environment[variable] ?? "{}"));
}

const variable = "CHAOS_ORDERS";
