import * as z from "zod";
import { isRegistryHost, type RegistryHost } from "../domain/image-reference.ts";
import type { RegistryEvent } from "../domain/registry-event.ts";
import { InvalidMessageError, parseWith } from "./invalid-message-error.ts";
import { Digest, Instant, RegistryHost as Host, Repository, Tag } from "./reference-schema.ts";

/** A type of event that says nothing about images: charts of the retired `az acr helm`, or one added after us. */
export interface OtherEvent {
  readonly kind: "other";
  readonly type: string;
}

/**
 * One event of Azure Container Registry, in Event Grid or CloudEvents form, with every field optional as the platform
 * has it (learn.microsoft.com/azure/event-grid/event-schema-container-registry). Throws {@link InvalidMessageError}
 * when it does not name a manifest.
 * @param loginServerSuffix completes a registry's name where the event does not tell its host; `azurecr.io` but in
 *   sovereign clouds
 */
export function parseRegistryEvent(value: unknown, loginServerSuffix: string): RegistryEvent | OtherEvent {
  const { eventType, type = eventType } = parseWith(TypedEvent, value, "registry event");
  if (type === undefined) throw new InvalidMessageError("Not a registry event: it has neither eventType nor type.");
  if (type !== IMAGE_PUSHED && type !== IMAGE_DELETED) return { kind: "other", type: type.slice(0, 100) };
  const event = parseWith(RegistryEventMessage, value, "registry event");
  const { target, timestamp } = event.data;
  const common = {
    registry: registryOf(event, loginServerSuffix),
    repository: target.repository,
    occurredAt: timestamp ?? event.eventTime ?? event.time ?? new Date(),
  };
  if (type === IMAGE_PUSHED) {
    if (target.digest === undefined && target.tag === undefined)
      throw new InvalidMessageError("Not a registry event: data.target has neither digest nor tag.");
    return { kind: "pushed", ...common, digest: target.digest, tag: target.tag };
  }
  if (target.digest === undefined) throw new InvalidMessageError("Not a registry event: data.target has no digest.");
  return { kind: "deleted", ...common, digest: target.digest };
}

const IMAGE_PUSHED = "Microsoft.ContainerRegistry.ImagePushed";
const IMAGE_DELETED = "Microsoft.ContainerRegistry.ImageDeleted";

/** The type comes first: what an event of another type looks like is not known. */
const TypedEvent = z.object({ eventType: z.string().optional(), type: z.string().optional() });

const absentWhenEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" || value === null ? undefined : value), schema.optional());

const RegistryEventMessage = z.object({
  topic: z.string().nullish(),
  source: z.string().nullish(),
  eventTime: absentWhenEmpty(Instant),
  time: absentWhenEmpty(Instant),
  data: z.object({
    timestamp: absentWhenEmpty(Instant),
    target: z.object({
      repository: Repository,
      digest: absentWhenEmpty(Digest),
      tag: absentWhenEmpty(Tag),
    }),
    request: z.object({ host: absentWhenEmpty(Host) }).nullish(),
    // Both spellings occur; here they only tell a connected registry's event, which has no request.
    connectedRegistry: z.object({ name: z.string().nullish() }).nullish(),
    connectedregistry: z.object({ name: z.string().nullish() }).nullish(),
  }),
});

/** The login server, or else the registry's name in the ARM id that Event Grid calls topic and CloudEvents source. */
function registryOf(event: z.output<typeof RegistryEventMessage>, loginServerSuffix: string): RegistryHost {
  const host = event.data.request?.host;
  if (host !== undefined) return host;
  const name = /\/registries\/([a-z0-9]+)(?:\/|$)/i.exec(event.topic ?? event.source ?? "")?.[1];
  const derived = name === undefined ? "" : `${name}.${loginServerSuffix}`.toLowerCase();
  if (!isRegistryHost(derived))
    throw new InvalidMessageError(
      "Not a registry event: neither data.request.host nor topic (or source) names the registry.",
    );
  return derived;
}
