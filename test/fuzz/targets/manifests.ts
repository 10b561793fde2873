import * as z from "zod";
import { InvalidMessageError } from "../../../shared/messages/invalid-message-error.ts";
import { parseManifest } from "../../../shared/messages/oci-manifest.ts";
import { Digest } from "../../../shared/messages/reference-schema.ts";
import { dockerManifests, sampleManifests, textOf } from "../corpus/manifests.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "OCI and Docker manifests, indexes and artifacts as a registry sends them",
  format: "json",
  tokens: ["application/vnd.oci.image.index.v1+json", "sha256:", '"manifests":[', '"schemaVersion":1'],
  open: async () => ({
    corpus: [...(await sampleManifests()).map(({ content }) => textOf(content)), ...dockerManifests],
    run: (input) =>
      endingOf(() => {
        for (const mediaType of mediaTypes) SafeManifest.parse(parseManifest(input, mediaType));
      }, [InvalidMessageError]),
  }),
};

/** What the answer's header may say of it, whatever it is. */
const mediaTypes = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json", ""];

const Descriptor = z.object({ mediaType: z.string().max(255), digest: Digest, size: z.int().min(0) });

const SafeManifest = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("image"), config: Descriptor, layers: z.array(Descriptor).max(1000) }),
  z.object({ kind: z.literal("index"), manifests: z.array(Descriptor).max(200) }),
  z.object({ kind: z.literal("artifact"), artifact: z.string(), artifactType: z.string().max(255) }),
]);
