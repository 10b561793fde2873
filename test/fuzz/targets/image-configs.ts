import * as z from "zod";
import { InvalidMessageError } from "../../../shared/messages/invalid-message-error.ts";
import { parseImageConfig } from "../../../shared/messages/oci-manifest.ts";
import { anImage } from "../../support/samples.ts";
import { sampleConfigs } from "../corpus/manifests.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "config blobs of images",
  format: "json",
  open: async () => ({
    corpus: await sampleConfigs(),
    run: (input) => endingOf(() => SafeConfig.parse(parseImageConfig(input, anImage())), [InvalidMessageError]),
  }),
};

const text = z.string().min(1).max(64);
const SafeConfig = z.strictObject({ os: text, architecture: text, variant: z.string().max(64).optional() });
