import { z } from "zod";
import { isDigest } from "../domain/digest.ts";
import { isRegistryHost, isRepository, isTag } from "../domain/image-reference.ts";
import type { RegistryEvent } from "../domain/registry-event.ts";
import { parseWith } from "./invalid-message-error.ts";
import { Instant } from "./reference-schema.ts";

export interface DistributionNotification {
  readonly events: readonly RegistryEvent[];
  /** Events about blobs, mounts and everything else that is no manifest: normal, and many. */
  readonly ignored: number;
  /** Events about a manifest that cannot be used, with the reason. */
  readonly refused: readonly { readonly reason: string; readonly event: unknown }[];
}

/**
 * The envelope that a CNCF distribution registry posts to an endpoint
 * (distribution.github.io/distribution/about/notifications). Throws InvalidMessageError when it is no envelope; a
 * single bad event does not spoil the others.
 */
export function parseDistributionNotification(value: unknown): DistributionNotification {
  const { events } = parseWith(Envelope, value, "registry notification");
  const parsed = events.map(parseEvent);
  return {
    events: parsed.flatMap((each) => (each.kind === "event" ? [each.event] : [])),
    ignored: parsed.filter(({ kind }) => kind === "ignored").length,
    refused: parsed.flatMap((each) => (each.kind === "refused" ? [{ reason: each.reason, event: each.raw }] : [])),
  };
}

const Envelope = z.object({ events: z.array(z.unknown()).max(5000) });

const NotificationEvent = z.object({
  timestamp: Instant.optional(),
  action: z.string(),
  target: z.object({
    mediaType: z.string().optional(),
    digest: z.string().optional(),
    repository: z.string().optional(),
    tag: z.string().optional(),
  }),
  request: z.object({ host: z.string().optional(), useragent: z.string().optional() }).optional(),
  actor: z.object({ name: z.string().optional() }).optional(),
});

type ParsedEvent =
  | { readonly kind: "event"; readonly event: RegistryEvent }
  | { readonly kind: "ignored" }
  | { readonly kind: "refused"; readonly reason: string; readonly raw: unknown };

function parseEvent(raw: unknown): ParsedEvent {
  const refused = (reason: string): ParsedEvent => ({ kind: "refused", reason, raw });
  const result = NotificationEvent.safeParse(raw);
  if (!result.success) return refused(`not an event: ${result.error.issues[0]?.path.join(".") || "it"} is wrong`);
  const { action, target, request, actor, timestamp } = result.data;
  if (action !== "push" && action !== "pull" && action !== "delete") return { kind: "ignored" };
  if (action === "delete" ? isBlob(target.mediaType) : !isManifest(target.mediaType)) return { kind: "ignored" };
  const registry = request?.host?.toLowerCase();
  if (registry === undefined || !isRegistryHost(registry)) return refused("request.host is not a registry host");
  if (target.repository === undefined || !isRepository(target.repository))
    return refused("target.repository is not a repository");
  // Deleting a tag alone is told without a digest (distribution ≥ 3): the manifest stays.
  if (target.digest === undefined && action === "delete") return { kind: "ignored" };
  if (target.digest === undefined || !isDigest(target.digest)) return refused("target.digest is not a sha256 digest");
  const common = {
    registry,
    repository: target.repository,
    digest: target.digest,
    occurredAt: timestamp ?? new Date(),
  };
  const tag = target.tag !== undefined && isTag(target.tag) ? target.tag : undefined;
  switch (action) {
    case "push":
      return { kind: "event", event: { kind: "pushed", ...common, tag } };
    case "pull": {
      const puller = { identity: named(actor?.name), userAgent: named(request?.useragent) };
      return { kind: "event", event: { kind: "pulled", ...common, tag, puller } };
    }
    case "delete":
      return { kind: "event", event: { kind: "deleted", ...common } };
  }
}

function isManifest(mediaType: string | undefined): boolean {
  return mediaType !== undefined && /\.(?:manifest|index)\.(?:list\.)?v\d/.test(mediaType);
}

function isBlob(mediaType: string | undefined): boolean {
  return mediaType !== undefined && !isManifest(mediaType);
}

function named(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text.slice(0, 200);
}
