import { recordArrival } from "../../shared/domain/arrival.ts";
import { imageId } from "../../shared/domain/image-record.ts";
import { parseRepository, parseTag, type ImageReference } from "../../shared/domain/image-reference.ts";
import type { DatabaseVersion } from "../../shared/domain/scan-report.ts";
import type { ScanRequest } from "../../shared/domain/scan-request.ts";
import { buildHost } from "../../shared/hosts/host.ts";
import { push } from "../support/images/push.ts";
import { alpineImage } from "../support/images/sample-images.ts";
import type { Workshop } from "./workshop.ts";

export type Lives = ReturnType<typeof livesIn>;

/** What happens to one image in a workshop, and what is known of it then. */
export function livesIn(workshop: Workshop) {
  const requestFor = (image: ImageReference): ScanRequest => ({
    ...{ image, reason: "pushed", requestedAt: workshop.clock.now() },
    ...{ attempt: 1, failures: 0 },
  });
  return {
    requestFor,
    pushed: async (): Promise<ImageReference> => {
      const { digest } = await push(workshop.registry.url, repository, await alpineImage());
      const image = { registry: workshop.registry.host, repository, digest };
      // Under a tag: without one, its alert would wait for an index.
      const arrival = { image, reason: "pushed", tag: parseTag("1.0") } as const;
      await workshop.parts.images.write(recordArrival(undefined, arrival, workshop.clock.now()), "new");
      return image;
    },
    scanPushed: async (image: ImageReference) => {
      await workshop.host.acceptRegistryEvent({ kind: "pushed", ...image, occurredAt: workshop.clock.now() });
      await workshop.work();
    },
    ask: async (image: ImageReference, exemptions = workshop.parts.exemptions) => {
      await workshop.clock.advance(1_000);
      const host = buildHost({ ...workshop.parts, exemptions });
      await host.scanImage({ ...requestFor(image), reason: "asked" }, "a question");
    },
    history: async (image: ImageReference) => {
      const { images } = workshop.parts;
      const { items: entries } = await images.listHistory(imageId(image), { limit: 100 });
      const transitions = await Promise.all(entries.map(({ id }) => images.readTransitions(imageId(image), id)));
      return { entries, transitions };
    },
    findings: async (image: ImageReference) => (await workshop.host.readFindings(imageId(image)))?.findings ?? [],
  };
}

export const repository = parseRepository("team/web");

export const newer: DatabaseVersion = { updatedAt: new Date("2026-04-01T00:00:00Z"), digest: "sha256:newer" };
