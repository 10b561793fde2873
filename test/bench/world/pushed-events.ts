import { randomUUID } from "node:crypto";

/** A push as a CNCF distribution registry tells of it. */
export function distributionPush(host: string, repository: string, digest: string) {
  return {
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    action: "push",
    target: {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      size: 394,
      digest,
      length: 394,
      repository,
      url: `http://${host}/v2/${repository}/manifests/${digest}`,
    },
    request: { id: randomUUID(), addr: "127.0.0.1:33980", host, method: "PUT", useragent: "docker/28.0.0" },
    actor: {},
    source: { addr: "registry:5000", instanceID: "630970c1-d879-4bd5-b6f5-e07e44ce9ba3" },
  };
}

/** The same as Event Grid tells of it for Azure Container Registry. */
export function eventGridPush(host: string, repository: string, digest: string) {
  const name = host.split(".", 1).join("");
  const time = new Date().toISOString();
  return {
    id: randomUUID(),
    topic: `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.ContainerRegistry/registries/${name}`,
    subject: `${repository}:latest`,
    eventType: "Microsoft.ContainerRegistry.ImagePushed",
    eventTime: time,
    data: {
      id: randomUUID(),
      timestamp: time,
      action: "push",
      target: {
        mediaType: "application/vnd.docker.distribution.manifest.v2+json",
        size: 3023,
        digest,
        length: 3023,
        repository,
        tag: "latest",
      },
      request: { id: randomUUID(), host, method: "PUT", useragent: "docker/28.0.0" },
    },
    dataVersion: "1.0",
    metadataVersion: "1",
  };
}
