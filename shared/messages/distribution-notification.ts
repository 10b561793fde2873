import * as z from "zod";
import { isDigest } from "../domain/digest.ts";
import { isRegistryHost, isRepository, isTag } from "../domain/image-reference.ts";
import type { RegistryEvent } from "../domain/registry-event.ts";
import { describeIssues } from "./describe-issues.ts";
import { InvalidMessageError, parseWith } from "./invalid-message-error.ts";
import { Instant } from "./reference-schema.ts";

/**
 * The events in the envelope that a CNCF distribution registry posts to an endpoint
 * (distribution.github.io/distribution/about/notifications), each as it came. Throws InvalidMessageError when it is no
 * envelope.
 */
export function distributionEvents(value: unknown): readonly unknown[] {
  return parseWith(Envelope, value, "registry notification").events;
}

/**
 * One event of an envelope; undefined when it is about a blob, a mount or anything else that is no manifest: normal, and
 * many. Throws InvalidMessageError for one about a manifest that cannot be used.
 */
export function parseDistributionEvent(raw: unknown): RegistryEvent | undefined {
  const parsed = parseEvent(raw);
  if (parsed.kind === "refused") throw new InvalidMessageError(`Not an event of a registry: ${parsed.reason}.`);
  return parsed.kind === "event" ? parsed.event : undefined;
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
  | { readonly kind: "refused"; readonly reason: string };

function parseEvent(raw: unknown): ParsedEvent {
  const refused = (reason: string): ParsedEvent => ({ kind: "refused", reason });
  const result = NotificationEvent.safeParse(raw);
  if (!result.success) return refused(describeIssues(result.error, 500).join("; "));
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
