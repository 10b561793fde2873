import * as z from "zod";

import { changeKinds, type FindingChange } from "../domain/finding-changes.ts";
import type { Finding } from "../domain/finding.ts";
import type { HistoryCause, HistoryEntry } from "../domain/history-entry.ts";
import { cutBySize } from "./cut-by-size.ts";
import { Instant } from "./reference-schema.ts";
import { parseStored, storedText, toStored } from "./stored-document.ts";
import { StoredFinding } from "./stored-finding.ts";
import {
  StoredDatabaseVersion,
  StoredScanner,
  StoredScanReason,
  StoredSeverity,
  StoredSeverityCounts,
} from "./stored-scan.ts";
import { StoredAppliedExemption } from "./stored-tracked-finding.ts";

/** Ready for JSON. */
export function toStoredHistoryEntry(entry: HistoryEntry) {
  return toStored(entry);
}

export function parseStoredHistoryEntry(document: unknown): HistoryEntry {
  return parseStored(StoredHistoryEntry, document, "history entry");
}

/** A part of the transitions of a history entry. Chunks are counted from 0. */
export interface TransitionsChunk {
  readonly ordinal: number;
  /** JSON. */
  readonly document: string;
}

export function* chunkTransitions(entry: string, changes: readonly FindingChange[]): Generator<TransitionsChunk> {
  let ordinal = 0;
  for (const { json } of cutBySize(changes.map(withoutProse))) {
    yield { ordinal, document: storedText({ entry, ordinal }, "changes", json) };
    ordinal += 1;
  }
}

export function parseStoredTransitions(chunk: unknown): readonly FindingChange[] {
  return parseStored(StoredTransitions, chunk, "transitions").changes;
}

/** Half of a finding is text that the set of findings has, and that says nothing about what changed. */
function withoutProse(change: FindingChange): FindingChange {
  const finding: Finding = { ...change.finding, description: undefined, references: [] };
  return { ...change, finding };
}

const StoredCause = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("scan"),
    scan: z.string(),
    reason: StoredScanReason,
    scanner: StoredScanner,
    database: StoredDatabaseVersion,
  }),
  z.object({ kind: z.literal("exemptions") }),
  z.object({ kind: z.literal("gone") }),
]) satisfies z.ZodType<HistoryCause>;

const ChangeKind = z.enum(changeKinds);

const StoredHistoryEntry = z.object({
  id: z.string(),
  image: z.string(),
  at: Instant,
  cause: StoredCause,
  changes: z.partialRecord(ChangeKind, z.int().positive()),
  counts: StoredSeverityCounts,
  exempted: z.int().nonnegative(),
}) satisfies z.ZodType<HistoryEntry>;

const StoredTransitions = z.object({
  changes: z.array(
    z.object({
      kind: ChangeKind,
      finding: StoredFinding,
      previousSeverity: StoredSeverity.optional(),
      exemption: StoredAppliedExemption.optional(),
    }),
  ),
}) satisfies z.ZodType<{ readonly changes: readonly FindingChange[] }>;
