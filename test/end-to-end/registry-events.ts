import { randomUUID } from "node:crypto";
import type { Lab } from "../support/lab.ts";

/** What an event of Azure Container Registry is about. */
export interface EventTarget {
  readonly repository: string;
  readonly digest?: string | undefined;
  readonly tag?: string | undefined;
  /** The lab's own when missing. */
  readonly host?: string;
}

/** As Event Grid sends it, with what the documentation shows (test/fixtures/acr-events). */
export function imagePushed(lab: Lab, target: EventTarget) {
  return eventGridEvent("Microsoft.ContainerRegistry.ImagePushed", "push", lab, target);
}

export function imageDeleted(lab: Lab, target: EventTarget) {
  return eventGridEvent("Microsoft.ContainerRegistry.ImageDeleted", "delete", lab, target);
}

/** The same in CloudEvents 1.0. */
export function asCloudEvent({ topic, eventType, eventTime, ...event }: ReturnType<typeof eventGridEvent>) {
  const { id, subject, data } = event;
  return { specversion: "1.0", id, source: topic, subject, type: eventType, time: eventTime, data };
}

function eventGridEvent(eventType: string, action: string, lab: Lab, target: EventTarget) {
  const { host = lab.registry.host, repository, digest, tag } = target;
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  return {
    id: randomUUID(),
    topic: `/subscriptions/${randomUUID()}/resourceGroups/shop/providers/Microsoft.ContainerRegistry/registries/Shop`,
    subject: `${repository}:${tag ?? ""}`,
    eventType,
    eventTime: new Date().toISOString(),
    data: {
      id: randomUUID(),
      timestamp: new Date().toISOString(),
      action,
      target: { mediaType, size: 1000, length: 1000, repository, digest, tag },
      request: { id: randomUUID(), host, method: action === "push" ? "PUT" : "DELETE", useragent: "docker/28.5.1" },
    },
    dataVersion: "1.0",
    metadataVersion: "1",
  };
}

export interface EventPost {
  /** The lab's own when missing; none at all when empty. */
  readonly key?: string;
  readonly type?: "Notification" | "SubscriptionValidation";
  readonly contentType?: string;
}

/** Delivers as Event Grid does. Resolves to the status. */
export async function postEvents(lab: Lab, events: readonly object[], post: EventPost = {}): Promise<number> {
  return (await postEventText(lab, JSON.stringify(events), post)).status;
}

export function postEventText(lab: Lab, body: string, post: EventPost = {}): Promise<Response> {
  const { key = lab.keys.eventgrid_extension, type = "Notification", contentType = "application/json" } = post;
  const url = `${lab.tidewatch.functions.url}/runtime/webhooks/eventgrid?functionName=receiveRegistryEvent`;
  return fetch(key === "" ? url : `${url}&code=${key}`, {
    method: "POST",
    headers: { "content-type": contentType, "aeg-event-type": type },
    body,
    signal: AbortSignal.timeout(20_000),
  });
}
