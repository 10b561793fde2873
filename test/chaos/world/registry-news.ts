import { randomUUID } from "node:crypto";

/** What a registry tells about one manifest. */
export interface RegistryNews {
  readonly action: "push" | "delete";
  readonly registry: string;
  readonly repository: string;
  readonly digest: string;
  readonly tag?: string | undefined;
  readonly at: Date;
}

/** A request that delivers the news, without its key: as Event Grid does for Azure, or as CNCF distribution does. */
export interface Delivery {
  readonly path: string;
  readonly key: "eventgrid_extension" | "default";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function eventGridDelivery({ action, registry, repository, digest, tag, at }: RegistryNews): Delivery {
  const event = {
    id: randomUUID(),
    topic: "/subscriptions/0/resourceGroups/shop/providers/Microsoft.ContainerRegistry/registries/Shop",
    subject: `${repository}:${tag ?? ""}`,
    eventType: `Microsoft.ContainerRegistry.${action === "push" ? "ImagePushed" : "ImageDeleted"}`,
    eventTime: at.toISOString(),
    data: {
      id: randomUUID(),
      timestamp: at.toISOString(),
      action,
      target: { mediaType: manifestType, size: 1000, length: 1000, repository, digest, tag },
      request: { id: randomUUID(), host: registry, method: action === "push" ? "PUT" : "DELETE" },
    },
    dataVersion: "1.0",
    metadataVersion: "1",
  };
  return {
    path: "/runtime/webhooks/eventgrid?functionName=receiveRegistryEvent",
    key: "eventgrid_extension",
    headers: { "content-type": "application/json", "aeg-event-type": "Notification" },
    body: JSON.stringify([event]),
  };
}

export function distributionDelivery({ action, registry, repository, digest, tag, at }: RegistryNews): Delivery {
  const event = {
    id: randomUUID(),
    timestamp: at.toISOString(),
    action,
    target: { ...(action === "push" && { mediaType: manifestType }), repository, digest, tag },
    request: { id: randomUUID(), host: registry },
  };
  return {
    path: "/api/registry-notifications",
    key: "default",
    headers: { "content-type": "application/vnd.docker.distribution.events.v1+json" },
    body: JSON.stringify({ events: [event] }),
  };
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";
