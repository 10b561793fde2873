import { z } from "zod";

import type { Finding } from "../domain/finding.ts";
import type { ScanId } from "../domain/scan-report.ts";
import { parseStored, toStored } from "./stored-document.ts";
import { StoredFinding } from "./stored-finding.ts";

/** A part of a scan's findings, ready for JSON. The same findings give the same chunks. */
export interface FindingsChunk {
  readonly schema: number;
  readonly scan: ScanId;
  /** Chunks of a scan are counted from 0, and hold its findings in order. */
  readonly ordinal: number;
  /** Every {@link vulnerabilityNames name} in the chunk, once, for queries. */
  readonly vulnerabilityIds: readonly string[];
  readonly findings: readonly Finding[];
}

/** Cuts before {@link targetBytes} of JSON are passed; a larger finding gets a chunk of its own. None for none. */
export function* chunkFindings(
  scan: ScanId,
  findings: readonly Finding[],
  targetBytes = 1_000_000,
): Generator<FindingsChunk> {
  // Most scans fit into one chunk, and measuring each finding takes longer than measuring all at once.
  if (findings.length > 0 && JSON.stringify(findings).length * MOST_BYTES_PER_UNIT <= targetBytes) {
    yield toChunk(scan, 0, findings);
    return;
  }
  let ordinal = 0;
  let start = 0;
  let bytes = 0;
  for (const [index, finding] of findings.entries()) {
    const size = Buffer.byteLength(JSON.stringify(finding));
    if (bytes > 0 && bytes + size > targetBytes) {
      yield toChunk(scan, ordinal, findings.slice(start, index));
      ordinal += 1;
      start = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (start < findings.length) yield toChunk(scan, ordinal, findings.slice(start));
}

/** Of UTF-8 for one unit of a JavaScript string. */
const MOST_BYTES_PER_UNIT = 3;

export function parseStoredFindings(chunk: unknown): readonly Finding[] {
  return parseStored(StoredFindings, chunk, "findings").findings;
}

/** What the finding is looked up by: its id and aliases, each once. */
export function vulnerabilityNames({ vulnerabilityId, aliases }: Finding): readonly string[] {
  return [...new Set([vulnerabilityId, ...aliases].map(vulnerabilityName))];
}

/** Ids are looked up without regard to letter case: people write GHSA-… and ghsa-…, CVE-… and cve-… */
export function vulnerabilityName(vulnerabilityId: string): string {
  return vulnerabilityId.toUpperCase();
}

function toChunk(scan: ScanId, ordinal: number, findings: readonly Finding[]): FindingsChunk {
  const vulnerabilityIds = [...new Set(findings.flatMap(vulnerabilityNames))];
  return toStored({ scan, ordinal, vulnerabilityIds, findings });
}

const StoredFindings = z.object({ findings: z.array(StoredFinding) });
