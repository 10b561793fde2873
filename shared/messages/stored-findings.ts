import * as z from "zod";

import type { Finding } from "../domain/finding.ts";
import type { FindingsId } from "../domain/image-record.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";
import { cutBySize } from "./cut-by-size.ts";
import { parseStored, storedText } from "./stored-document.ts";
import { StoredTrackedFinding } from "./stored-tracked-finding.ts";

/** A part of a set of findings. The same findings give the same chunks. */
export interface FindingsChunk {
  readonly set: FindingsId;
  /** Chunks of a set are counted from 0, and hold its findings in order. */
  readonly ordinal: number;
  readonly findings: readonly TrackedFinding[];
  /** JSON; with every {@link vulnerabilityNames name} of the findings that have not ended, once, for queries. */
  readonly document: string;
}

export function* chunkFindings(set: FindingsId, findings: readonly TrackedFinding[]): Generator<FindingsChunk> {
  let ordinal = 0;
  for (const { items, json } of cutBySize(findings)) {
    const vulnerabilityIds = [...new Set(items.flatMap(vulnerabilityNames))];
    const document = storedText({ set, ordinal, vulnerabilityIds }, "findings", json, shape);
    yield { set, ordinal, findings: items, document };
    ordinal += 1;
  }
}

export function parseStoredFindings(chunk: unknown): readonly TrackedFinding[] {
  return parseStored(StoredFindings, chunk, "findings", shape).findings;
}

/** What the finding is looked up by: its id and aliases, each once; nothing once it has ended. */
export function vulnerabilityNames({
  vulnerabilityId,
  aliases,
  ended,
}: Pick<TrackedFinding, "vulnerabilityId" | "aliases" | "ended">): readonly string[] {
  return ended === undefined ? [...new Set([vulnerabilityId, ...aliases].map(vulnerabilityName))] : [];
}

/** Ids are looked up without regard to letter case: people write GHSA-… and ghsa-…, CVE-… and cve-… */
export function vulnerabilityName(vulnerabilityId: Finding["vulnerabilityId"]): string {
  return vulnerabilityId.toUpperCase();
}

/** 2: with the life of each finding. */
const shape = 2;

const StoredFindings = z.object({ findings: z.array(StoredTrackedFinding) });
