import * as z from "zod";
import { describeIssues } from "./describe-issues.ts";

/**
 * Stored documents are domain values as JSON: instants as toISOString writes them, what is undefined left out, and a
 * number that says which shape it is. A shape that changes gets the next number; a store brings its older documents forward
 * when it is opened, so that readers know one shape.
 */
export function toStored<T extends object>(value: T, version = 1): T & { readonly schema: number } {
  return { schema: version, ...value };
}

/** What {@link toStored} would give with one member more, as text; that of the member is known already. */
export function storedText(value: object, name: string, json: string, version = 1): string {
  return `${JSON.stringify(toStored(value, version)).slice(0, -1)},${JSON.stringify(name)}:${json}}`;
}

/**
 * @param what for a person: "image 4f0c…"
 * @param version the number of the shape that `schema` reads
 */
export function parseStored<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
  what: string,
  version = 1,
): z.output<Schema> {
  const { data } = Shape.safeParse(document);
  if (data?.schema !== version)
    throw new UnreadableDocumentError(what, `schema: expected ${version}, is ${data?.schema ?? "no number"}`);
  const content = schema.safeParse(document);
  if (!content.success) throw new UnreadableDocumentError(what, describeIssues(content.error, 1200).join("\n"));
  return content.data;
}

const Shape = z.object({ schema: z.number() });

export class UnreadableDocumentError extends Error {
  override name = "UnreadableDocumentError";

  constructor(what: string, problems: string) {
    super(
      `The stored ${what} cannot be read. If a newer Tidewatch wrote it, start that version again; ` +
        `otherwise restore the state from a backup.\n${problems}`,
    );
  }
}
