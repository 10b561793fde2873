import * as z from "zod";

import type { AppliedExemption } from "../domain/exemption.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import { Instant } from "./reference-schema.ts";
import { StoredFinding } from "./stored-finding.ts";

export const StoredAppliedExemption = z.object({
  id: z.string(),
  since: Instant,
  until: Instant.optional(),
}) satisfies z.ZodType<AppliedExemption>;

export const StoredTrackedFinding = StoredFinding.extend({
  firstSeenAt: Instant,
  ended: z.object({ kind: z.enum(["resolved", "retracted"]), at: Instant, lastSeenAt: Instant }).optional(),
  exemption: StoredAppliedExemption.optional(),
}) satisfies z.ZodType<TrackedFinding>;
