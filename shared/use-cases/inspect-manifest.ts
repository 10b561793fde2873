import { DeadLetterError, RetryLaterError } from "../domain/failure.ts";
import type { ImageReference } from "../domain/image-reference.ts";
import type { ImageIndex, ImageManifest } from "../domain/manifest.ts";
import type { Platform } from "../domain/platform.ts";
import type { ScanFailed, UnscannableReason } from "../domain/scan-outcome.ts";
import { InvalidMessageError } from "../messages/invalid-message-error.ts";
import { parseImageConfig, parseManifest } from "../messages/oci-manifest.ts";
import { RegistryAccessError, type ImageRegistry, type ManifestDocument } from "../ports/image-registry.ts";

/** What the registry shows under a digest. */
export type Inspected =
  | { readonly kind: "image"; readonly mediaType: string; readonly platform: Platform }
  | { readonly kind: "index"; readonly mediaType: string; readonly index: ImageIndex }
  | {
      readonly kind: "unscannable";
      readonly mediaType?: string;
      readonly reason: UnscannableReason;
      readonly detail: string;
    }
  | { readonly kind: "imageGone" }
  | ScanFailed;

/** Decides what a manifest is before anything is spent on it. Two small requests for an image, one for the rest. */
export const inspectManifest =
  (registry: Pick<ImageRegistry, "readManifest" | "readBlob">) =>
  async (image: ImageReference, signal?: AbortSignal): Promise<Inspected> => {
    try {
      const document = await registry.readManifest(image, signal);
      return document === undefined ? { kind: "imageGone" } : await inspect(registry, image, document, signal);
    } catch (error) {
      return registryFailure(error);
    }
  };

async function inspect(
  registry: Pick<ImageRegistry, "readBlob">,
  image: ImageReference,
  { content, mediaType }: ManifestDocument,
  signal: AbortSignal | undefined,
): Promise<Inspected> {
  try {
    const manifest = parseManifest(content, mediaType);
    switch (manifest.kind) {
      case "index":
        return { kind: "index", mediaType, index: manifest };
      case "artifact": {
        const detail = `${manifest.artifact}: ${manifest.artifactType}`;
        return { kind: "unscannable", mediaType, reason: "not-an-image", detail };
      }
      case "image":
        return await inspectImage(registry, image, manifest, mediaType, signal);
    }
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error;
    return { kind: "unscannable", mediaType, reason: "malformed", detail: error.message };
  }
}

async function inspectImage(
  registry: Pick<ImageRegistry, "readBlob">,
  image: ImageReference,
  { config, layers }: ImageManifest,
  mediaType: string,
  signal: AbortSignal | undefined,
): Promise<Inspected> {
  if (layers.some((layer) => layer.mediaType.endsWith("+encrypted"))) {
    const detail = "Its layers are encrypted; scan it before it is encrypted.";
    return { kind: "unscannable", mediaType, reason: "encrypted", detail };
  }
  const content = await registry.readBlob(image, config.digest, {
    maxBytes: maximumConfigBytes,
    ...(signal && { signal }),
  });
  if (content === undefined) return { kind: "imageGone" };
  const { os, architecture, variant } = parseImageConfig(content, image);
  if (os === "windows") {
    const detail = "Trivy has no advisories for Windows; nothing is known about this image.";
    return { kind: "unscannable", mediaType, reason: "windows", detail };
  }
  return { kind: "image", mediaType, platform: { os, architecture, variant } };
}

const maximumConfigBytes = 8 * 1024 * 1024;

/** A registry that cannot be read is an expected ending of a scan. Anything else is a bug and goes on. */
function registryFailure(error: unknown): Inspected {
  if (error instanceof RegistryAccessError)
    return { kind: "failed", failure: "registry-refused", detail: error.message, notBefore: error.notBefore };
  if (error instanceof RetryLaterError)
    return { kind: "failed", failure: "registry-unavailable", detail: error.message, notBefore: error.notBefore };
  if (error instanceof DeadLetterError) {
    if (error.reason === "registry-answer-too-large")
      return { kind: "unscannable", reason: "malformed", detail: error.message };
    const failure = error.reason === "digest-mismatch" ? "digest-mismatch" : "registry-refused";
    return { kind: "failed", failure, detail: error.message };
  }
  throw error;
}
