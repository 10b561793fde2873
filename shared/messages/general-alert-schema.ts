import * as z from "zod";
import type { GeneralAlert } from "../domain/general-alert.ts";
import { maximumWorst } from "../domain/general-alert.ts";
import { coverageStates } from "../domain/coverage-tally.ts";
import type { PublishedKind } from "./alert-schema.ts";
import { count, Counts, Database, Digest, Image, Instant, PlatformName, RegistrySource } from "./published-parts.ts";

const OwnSource = z.literal("/tidewatch");

const Exemption = z.object({
  id: z.string(),
  scope: z
    .object({
      vulnerability: z.string().optional(),
      package: z.string().optional(),
      repository: z.string().optional(),
      digest: Digest.optional(),
      platform: z.string().optional(),
    })
    .describe("It applies to findings to which all of this applies"),
  owner: z.string().describe("Who answers for it"),
  reason: z.string(),
  createdAt: Instant.optional(),
  until: Instant.describe("When its findings count again"),
  source: z.enum(["file", "api", "vex"]),
});

const Listed = z.object({ listed: count, read: count, leftOut: count, vanished: count, unreadable: count });

const States = z.object({
  ...{ waiting: count, scanning: count, scanned: count, expanded: count, unscannable: count, failed: count },
  gone: count,
});

const Totals = z.object({ at: Instant, images: States, counts: Counts, exempted: count });

export const generalAlertSchemas: Readonly<Record<GeneralAlert["kind"], PublishedKind>> = {
  "exemption.ending": {
    when: "An exemption is about to end.",
    source: OwnSource,
    subject: "Id of the exemption",
    data: { exemption: Exemption },
  },
  "database.stale": {
    when: "The vulnerability database is too old. Once a day while it lasts.",
    source: OwnSource,
    subject: "Digest of the database",
    data: {
      database: Database,
      ageHours: count.describe("Whole hours since updatedAt"),
      limitHours: z.number().positive().describe("From the settings"),
    },
  },
  "coverage.gap": {
    when: "A walk through a registry found that it is not, or was not, covered whole.",
    source: RegistrySource,
    subject: "coverage",
    data: {
      registry: z.string(),
      discovered: count.describe("Manifests that no event had announced; they are being scanned"),
      missing: count.describe("Manifests on record that the registry does not have; they are looked at again"),
      failed: count.describe("Manifests whose last scan failed"),
      unreadable: count.describe("What the registry refused to show"),
      partial: z.boolean().describe("The report does not speak for the whole registry"),
      report: z.object({
        startedAt: Instant,
        finishedAt: Instant,
        repositories: Listed,
        tags: Listed,
        manifests: count.describe("On record: the sum of states"),
        states: z.partialRecord(z.enum(coverageStates), count),
      }),
    },
  },
  digest: {
    when: "A day or a week is over.",
    source: OwnSource,
    subject: "day or week, and the date of its end",
    data: {
      period: z.object({ every: z.enum(["day", "week"]), from: Instant, until: Instant }),
      images: States.describe("Manifests by state"),
      counts: Counts.describe("Open findings that are not exempted; one vulnerability in two images counts twice"),
      exempted: count,
      before: Totals.optional().describe("The same at the digest before"),
      baseline: z
        .object({ images: count, counts: Counts })
        .describe("Images that had been there before Tidewatch, and whose first look, in this period, was not told"),
      oldestCheckAt: Instant.optional().describe("Of the verdicts that stand"),
      worst: z
        .array(z.object({ image: Image, tags: z.array(z.string()), platform: PlatformName.optional(), counts: Counts }))
        .max(maximumWorst)
        .describe("Images with the most critical findings, then the most high ones"),
    },
  },
};
