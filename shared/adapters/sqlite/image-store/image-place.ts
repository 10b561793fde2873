import * as z from "zod";

import type { ImageRecord } from "../../../domain/image-record.ts";
import type { PageRequest } from "../../../ports/image-store.ts";
import { parseCursor } from "./cursor.ts";

/** A place in a list sorted by registry, repository and digest: just after the image of this name. */
export type ImagePlace = z.output<typeof ImagePlaceSchema>;

export function placeOfImage({ image: { registry, repository, digest } }: Pick<ImageRecord, "image">): ImagePlace {
  return { registry, repository, digest };
}

export function startOfPage({ cursor }: PageRequest): ImagePlace {
  return cursor === undefined ? beforeAll : parseCursor(ImagePlaceSchema, cursor);
}

const beforeAll: ImagePlace = { registry: "", repository: "", digest: "" };

const ImagePlaceSchema = z.object({ registry: z.string(), repository: z.string(), digest: z.string() });
