import * as z from "zod";
import { contentIdPattern } from "../domain/content-id.ts";
import { isDigest } from "../domain/digest.ts";
import { isRepository, isRegistryHost, isTag } from "../domain/image-reference.ts";

/** Schemas whose output carries the brand: whatever comes out of them may go into an argument list or a URL. */
export const Digest = z.string().refine(isDigest, "expected sha256: and 64 hexadecimal digits");
export const Repository = z.string().refine(isRepository, "expected a repository such as team/web");
export const Tag = z.string().refine(isTag, "expected a tag such as 1.4.2");
export const RegistryHost = z
  .string()
  .toLowerCase()
  .refine(isRegistryHost, "expected a registry host such as shop.azurecr.io");

export const ImageReference = z.object({ registry: RegistryHost, repository: Repository, digest: Digest });

export const ImageId = z.string().regex(contentIdPattern, "expected the id of an image");

/** An instant as text. Go writes nanoseconds; what is beyond milliseconds is dropped. */
export const Instant = z
  .string()
  .max(64)
  .transform((text, context) => {
    const instant = new Date(text);
    if (RFC3339.test(text) && !Number.isNaN(instant.getTime())) return instant;
    context.addIssue("expected an instant such as 2026-11-21T08:30:00Z");
    return z.NEVER;
  });

/** With its offset: without one, Date reads the time zone of the machine into it. Years as Date writes them. */
const RFC3339 = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
