import type { ImageIndex } from "../domain/manifest.ts";
import { firstRequest, type ScanRequest } from "../domain/scan-request.ts";
import { reached } from "../ports/step.ts";
import { acceptArrival, type AcceptArrivalPorts } from "./accept-arrival.ts";

/** Puts every manifest that an index lists on record and asks for a look at each: some will turn out to be no images. */
export const expandIndex = (ports: AcceptArrivalPorts) => {
  const accept = acceptArrival(ports);
  return async (request: ScanRequest, { manifests }: ImageIndex, pushedAt: Date | undefined): Promise<void> => {
    const { image: index, reason, requestedAt } = request;
    for (const { digest } of manifests) {
      const image = { ...index, digest };
      await accept({ image, reason, index: index.digest, pushedAt });
      reached("index-child-accepted");
      // A known image keeps its state, so a question has to be passed on.
      if (reason === "asked") await ports.scanRequests.send([firstRequest(image, reason, requestedAt)]);
    }
  };
};
