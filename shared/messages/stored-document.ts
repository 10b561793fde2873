import { z } from "zod";

/**
 * Stored documents are domain values as JSON: instants as toISOString writes them, what is undefined left out, and a
 * number that says which shape it is. A shape that changes gets the next number, and the reader keeps both.
 */
export function toStored<T extends object>(value: T): T & { readonly schema: number } {
  return { schema: currentSchema, ...value };
}

/** @param what for a person: "image 4f0c…" */
export function parseStored<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
  what: string,
): z.output<Schema> {
  const shape = OfCurrentSchema.safeParse(document);
  if (!shape.success) throw new UnreadableDocumentError(what, z.prettifyError(shape.error));
  const content = schema.safeParse(document);
  if (!content.success) throw new UnreadableDocumentError(what, z.prettifyError(content.error));
  return content.data;
}

export class UnreadableDocumentError extends Error {
  override name = "UnreadableDocumentError";

  constructor(what: string, problems: string) {
    super(
      `The stored ${what} cannot be read. If a newer Tidewatch wrote it, start that version again; ` +
        `otherwise restore the state from a backup.\n${problems}`,
    );
  }
}

const currentSchema = 1;

const OfCurrentSchema = z.object({ schema: z.literal(currentSchema) });
