import * as z from "zod";
import type { RegistryEvent } from "../../../shared/domain/registry-event.ts";
import { Digest, Instant, RegistryHost, Repository, Tag } from "../../../shared/messages/reference-schema.ts";

const SafeEvent = z.object({
  kind: z.enum(["pushed", "pulled", "deleted"]),
  registry: RegistryHost,
  repository: Repository,
  digest: Digest.optional(),
  tag: Tag.optional(),
  occurredAt: Instant,
  puller: z.object({ identity: z.string().max(200).optional(), userAgent: z.string().max(200).optional() }).optional(),
});

/** The event as JSON text, which it has to become on its way. Throws when a part is not safe to pass on. */
export function eventJson(event: RegistryEvent): string {
  const text = JSON.stringify(event);
  SafeEvent.parse(JSON.parse(text));
  if (event.kind === "pushed" && event.digest === undefined && event.tag === undefined)
    throw new Error("A push names neither digest nor tag.");
  return text;
}
