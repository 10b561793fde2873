import type * as z from "zod";

import { InvalidCursorError } from "../../../ports/image-store.ts";

/** A cursor holds the place of the last item shown, and no filter: a page may be asked for with another one. */
export function formatCursor(place: object): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

export function parseCursor<Place extends z.ZodType>(schema: Place, cursor: string): z.output<Place> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw new InvalidCursorError();
  }
}
