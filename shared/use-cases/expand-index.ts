import type { IndexEntry, ImageIndex } from "../domain/manifest.ts";
import type { ScanRequest } from "../domain/scan-request.ts";
import { acceptArrival, type AcceptArrivalPorts } from "./accept-arrival.ts";
import { settleImage, type SettleImagePorts } from "./settle-image.ts";

/**
 * Puts every manifest that an index lists on record, and asks for a scan of those that may be images. Attestations
 * are known by their entry and need no look.
 */
export const expandIndex = (ports: AcceptArrivalPorts & SettleImagePorts) => {
  const accept = acceptArrival(ports);
  const settle = settleImage(ports);
  return async (request: ScanRequest, index: ImageIndex, pushedAt: Date | undefined): Promise<void> => {
    for (const entry of index.manifests) {
      const child = { ...request, attempt: 1, image: { ...request.image, digest: entry.digest } };
      const listed = { image: child.image, reason: request.reason, index: request.image.digest };
      await accept({ ...listed, platform: entry.platform, pushedAt }, { quiet: entry.artifact !== undefined });
      if (entry.artifact !== undefined) await settle(child, notAnImage(entry), {});
      // A known image keeps its state, so the question has to be passed on.
      else if (request.reason === "asked") await ports.scanRequests.send([child]);
    }
  };
};

function notAnImage({ artifact, mediaType }: IndexEntry) {
  const detail = `${artifact ?? "artifact"}, listed by an image index`;
  return { kind: "unscannable", reason: "not-an-image", detail, mediaType } as const;
}
