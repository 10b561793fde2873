import * as z from "zod";

import { parseStored, toStored } from "./stored-document.ts";

export function toStoredCheckpoint(value: unknown): object {
  return toStored({ value });
}

/** What is in it is checked by whoever keeps its place there. */
export function parseStoredCheckpoint(document: unknown, name: string): unknown {
  return parseStored(StoredCheckpoint, document, `checkpoint ${name}`).value;
}

const StoredCheckpoint = z.object({ value: z.unknown() });
