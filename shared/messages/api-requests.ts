import * as z from "zod";
import { printable } from "../domain/printable.ts";
import { severities, type Severity } from "../domain/severity.ts";
import type { ImageFilter, PageRequest } from "../ports/image-store.ts";
import { InvalidMessageError, parseWith } from "./invalid-message-error.ts";
import { Digest, Instant, RegistryHost, Repository, Tag } from "./reference-schema.ts";

/** Query parameters, names and values as they were sent. */
export type Query = Iterable<[string, string]>;

/** Everything that is given has to match. */
export interface FindingFilter {
  /** At least as severe. */
  readonly severity?: Severity | undefined;
  /** Whether a fixed version is known. */
  readonly fixable?: boolean | undefined;
  /** Whether an exemption applies. */
  readonly exempted?: boolean | undefined;
  /** Those that have ended, instead of those that are open. */
  readonly ended?: boolean | undefined;
}

/** Of GET /api/images. This and the other queries throw InvalidMessageError, also for a parameter that is not known. */
export function parseImageQuery(query: Query): { readonly filter: ImageFilter; readonly page: PageRequest } {
  const { limit, cursor, ...filter } = parseQuery(ImageQuery, query);
  return { filter, page: { limit, cursor } };
}

/** Of GET /api/images/{id}/findings. With an instant, what was known then is asked for. */
export function parseFindingQuery(query: Query): {
  readonly filter: FindingFilter;
  readonly at?: Date | undefined;
  readonly page: PageRequest;
} {
  const { limit, cursor, at, ...filter } = parseQuery(FindingQuery, query);
  if (at !== undefined && filter.ended === true)
    throw new InvalidMessageError("Not a valid query: ended: of an instant, only what was open then can be listed.");
  return { filter, at, page: { limit, cursor } };
}

/** Of a list without filters. */
export function parsePageQuery(query: Query): PageRequest {
  return parseQuery(PageQuery, query);
}

/** `registry/repository:tag` or `registry/repository@digest`. */
export function parseScanQuestion(value: unknown) {
  const { image } = parseWith(ScanQuestion, value, "scan request");
  const [, registry, repository, tag, digest] = /^([^/]+)\/([^@:]+)(?::([^@]+))?(?:@(.+))?$/.exec(image) ?? [];
  if (registry === undefined)
    throw new InvalidMessageError(
      "Not a scan request: image: expected registry/repository:tag or registry/repository@sha256:…, the registry's host included.",
    );
  return parseWith(NamedImage, { registry, repository, tag, digest }, "name of an image");
}

/** Throws InvalidMessageError, also for a parameter that the schema does not name. */
export function parseQuery<Schema extends z.ZodObject>(schema: Schema, query: Query): z.output<Schema> {
  const parameters = [...query].filter(([name]) => !ofTheHost.has(name));
  const unknown = parameters.find(([name]) => !Object.hasOwn(schema.shape, name));
  if (unknown !== undefined) {
    const known = Object.keys(schema.shape).join(", ");
    throw new InvalidMessageError(`Not a valid query: ${printable(unknown[0])}: there are only ${known}.`);
  }
  return parseWith(schema, Object.fromEntries(parameters), "valid query");
}

/** The Functions host takes keys from these, and leaves them in the query. */
const ofTheHost: ReadonlySet<string> = new Set(["code", "clientId"]);

const states = ["waiting", "scanning", "scanned", "expanded", "unscannable", "failed", "gone"] as const;

const AtLeast = z.string().toLowerCase().pipe(oneOf(severities));

export const PageQuery = z.object({
  limit: z
    .string()
    .refine((text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= 500, "expected a whole number from 1 to 500")
    .transform(Number)
    .default(100),
  cursor: z.string().max(2000, "expected what the page before gave as next").optional(),
});

const ImageQuery = PageQuery.extend({
  registry: RegistryHost.optional(),
  repository: Repository.optional(),
  tag: Tag.optional(),
  state: oneOf(states).optional(),
  severity: AtLeast.optional(),
});

const YesOrNo = oneOf(["true", "false"]).transform((text) => text === "true");

const FindingQuery = PageQuery.extend({
  severity: AtLeast.optional(),
  fixable: YesOrNo.optional(),
  exempted: YesOrNo.optional(),
  ended: YesOrNo.optional(),
  at: Instant.optional(),
});

const ScanQuestion = z.object({
  image: z.string("expected registry/repository:tag or registry/repository@sha256:…").max(700),
});

const NamedImage = z
  .object({ registry: RegistryHost, repository: Repository, tag: Tag.optional(), digest: Digest.optional() })
  .refine(({ tag, digest }) => tag !== undefined || digest !== undefined, "name a tag or a digest");

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, `expected one of ${values.join(", ")}`);
}
