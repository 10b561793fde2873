import { z } from "zod";
import { severities } from "../domain/severity.ts";
import type { ImageFilter, PageRequest } from "../ports/image-store.ts";
import { parseWith } from "./invalid-message-error.ts";
import { Digest, RegistryHost, Repository, Tag } from "./reference-schema.ts";

/** Anything with query parameters by name. */
export type Query = Iterable<[string, string]>;

/** `?limit=50&cursor=…`; throws InvalidMessageError. */
export function parsePage(query: Query): PageRequest {
  return parseWith(
    PageQuery,
    Object.fromEntries([...query].filter(([name]) => pageParameters.includes(name))),
    "page request",
  );
}

/** Filters of GET /api/images; a parameter that does not exist is refused rather than overlooked. */
export function parseImageQuery(query: Query): ImageFilter {
  const filter = [...query].filter(([name]) => !pageParameters.includes(name));
  return parseWith(ImageQuery, Object.fromEntries(filter), "image filter");
}

/** `registry/repository:tag` or `registry/repository@digest`. */
export function parseScanQuestion(value: unknown) {
  const { image } = parseWith(z.object({ image: z.string().max(700) }), value, "scan request");
  const parts = /^([^/]+)\/([^@:]+)(?::([^@]+))?(?:@(.+))?$/.exec(image);
  const [, registry, repository, tag, digest] = parts ?? [];
  return parseWith(NamedImage, { registry, repository, tag, digest }, "image reference");
}

const pageParameters = ["limit", "cursor"];

const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(2000).optional(),
});

const ImageQuery = z.strictObject({
  registry: RegistryHost.optional(),
  repository: Repository.optional(),
  tag: Tag.optional(),
  state: z.enum(["waiting", "scanning", "scanned", "expanded", "unscannable", "failed", "gone"]).optional(),
  severity: z.enum(severities).optional(),
});

const NamedImage = z
  .object({ registry: RegistryHost, repository: Repository, tag: Tag.optional(), digest: Digest.optional() })
  .refine(({ tag, digest }) => tag !== undefined || digest !== undefined, "name a tag or a digest");
