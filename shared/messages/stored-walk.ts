import * as z from "zod";
import { coverageStates, type Tally } from "../domain/coverage-tally.ts";
import type { Coverage, CoverageReport } from "../domain/coverage.ts";
import type { RegistryWalk } from "../domain/registry-walk.ts";
import { Digest, ImageReference, Instant, RegistryHost, Repository, Tag } from "./reference-schema.ts";
import { parseStored, toStored } from "./stored-document.ts";

export function toStoredWalk(walk: RegistryWalk) {
  return toStored(walk);
}

export function parseStoredWalk(document: unknown): RegistryWalk {
  return parseStored(StoredWalk, document, "walk through a registry");
}

export function toStoredCoverage(report: CoverageReport) {
  return toStored(report);
}

export function parseStoredCoverage(document: unknown): CoverageReport {
  return parseStored(StoredReport, document, "coverage report");
}

const count = z.int().nonnegative();

const Listed = z.object({ listed: count, read: count, leftOut: count, vanished: count, unreadable: count });

const StoredTally = z.object({
  known: count,
  states: z.partialRecord(z.enum(coverageStates), count),
  missing: count,
  unreadable: count,
  oldestCheckAt: Instant.optional(),
}) satisfies z.ZodType<Tally>;

const StoredCoverage = z.object({
  repositories: Listed,
  tags: Listed,
  discovered: count,
  manifests: StoredTally,
  largest: z.array(StoredTally.extend({ repository: Repository })),
  rest: StoredTally.extend({ repositories: count }),
  discoveredIn: z.array(z.object({ repository: Repository, discovered: count })),
  unreadable: z.array(
    z.object({ repository: Repository, tag: Tag.optional(), digest: Digest.optional(), error: z.string() }),
  ),
  partial: z.array(z.string()),
}) satisfies z.ZodType<Coverage>;

const StoredReport = StoredCoverage.extend({
  registry: RegistryHost,
  startedAt: Instant,
  finishedAt: Instant,
}) satisfies z.ZodType<CoverageReport>;

const cursor = z.string().optional();

const StoredPlace = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("discover"),
    from: z.enum(["catalog", "records"]),
    cursor,
    isListed: z.boolean(),
    pages: count,
    last: Repository.optional(),
    repositories: z.array(Repository),
    manifests: cursor,
    manifestPages: count,
    found: z.array(
      z.object({
        repository: Repository,
        digest: Digest,
        tags: z.array(Tag),
        listedAt: Instant,
        isDiscovered: z.boolean(),
      }),
    ),
  }),
  z.object({
    kind: z.literal("verify"),
    cursor,
    isListed: z.boolean(),
    refused: Repository.optional(),
    missing: z.array(ImageReference),
  }),
  z.object({ kind: z.literal("report"), finishedAt: Instant }),
  z.object({ kind: z.literal("finished") }),
]);

const StoredWalk = z.object({
  registry: RegistryHost,
  startedAt: Instant,
  progressAt: Instant,
  resumeAt: Instant.optional(),
  trouble: z.string().optional(),
  place: StoredPlace,
  coverage: StoredCoverage,
}) satisfies z.ZodType<RegistryWalk>;
