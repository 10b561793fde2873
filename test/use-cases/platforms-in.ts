import { expect } from "vitest";
import * as z from "zod";
import { parseRepository, parseTag, type ImageReference } from "../../shared/domain/image-reference.ts";
import type { Host } from "../../shared/hosts/host.ts";
import { imageIndex } from "../support/images/image-index.ts";
import { push } from "../support/images/push.ts";
import { multiPlatformIndex } from "../support/images/sample-images.ts";
import type { Workshop } from "./workshop.ts";

/** An index whose platforms a registry announces before it, and what is told of them. */
export async function platformsIn(workshop: Workshop) {
  const { images } = await multiPlatformIndex();
  const index = imageIndex(images);
  const announce = async (image: ImageReference, name?: string): Promise<void> => {
    const tag = name === undefined ? undefined : parseTag(name);
    await workshop.host.acceptRegistryEvent({ kind: "pushed", ...image, tag, occurredAt: workshop.clock.now() });
  };
  return {
    announce,
    /** Pushes an index of which the registry has told only the platforms yet, and has these judged. */
    pushPlatforms: async (name: string, judge: Host["scanImage"] = workshop.host.scanImage) => {
      const repository = parseRepository(name);
      const about = { registry: workshop.registry.host, repository };
      const { digest } = await push(workshop.registry.url, repository, index);
      const [first, second, third] = images.map(({ descriptor }) => ({ ...about, digest: descriptor.digest }));
      if (first === undefined || second === undefined || third === undefined)
        throw new Error("There are three platforms.");
      const platforms = [first, second, third] as const;
      for (const image of platforms) await announce(image);
      await workshop.work({ scanImage: judge });
      return { index: { ...about, digest }, platforms };
    },
    pushAgain: async ({ repository }: ImageReference) => push(workshop.registry.url, repository, index),
    /** Another index of the same platforms. */
    pushAnotherIndex: async ({ repository, registry }: ImageReference): Promise<ImageReference> => {
      const another = imageIndex(images, { attestations: true });
      const { digest } = await push(workshop.registry.url, repository, another);
      return { registry, repository, digest };
    },
    laterOn: async (): Promise<void> => {
      await workshop.clock.advance(10_000);
      await workshop.work();
      await workshop.clock.advance(10 * 60_000);
      await workshop.work();
      await workshop.host.tellHeld();
      await workshop.host.relayOutbox();
    },
    /** As consumers see it who skip ids that they know; with the digests that each alert is about. */
    told: async () => {
      const bodies = new Map<string, string>();
      for (const { event } of await workshop.alerts()) {
        const { id } = Told.parse(JSON.parse(event));
        expect(bodies.get(id) ?? event).toBe(event);
        bodies.set(id, event);
      }
      return [...bodies.values()].map((event) => {
        const alert = Told.parse(JSON.parse(event));
        const { platforms = [{ digest: alert.subject.split("@")[1] }] } = alert.data;
        return { ...alert, about: platforms.map(({ digest }) => digest) };
      });
    },
  };
}

export function digestsOf(images: readonly ImageReference[]): readonly string[] {
  return images.map(({ digest }) => digest).toSorted();
}

const Told = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  data: z.looseObject({
    platforms: z.array(z.looseObject({ digest: z.string() })).optional(),
    findings: z.array(z.looseObject({ id: z.string() })).optional(),
  }),
});
