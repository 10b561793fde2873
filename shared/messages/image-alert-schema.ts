import * as z from "zod";
import type { ImageAlert } from "../domain/alert.ts";
import { changeKinds } from "../domain/finding-changes.ts";
import { findingStatuses } from "../domain/finding.ts";
import { failureClasses, unscannableReasons } from "../domain/scan-outcome.ts";
import { scanReasons } from "../domain/scan-request.ts";
import type { PublishedKind } from "./alert-schema.ts";
import {
  ContentId,
  count,
  Counts,
  Database,
  Digest,
  Image,
  Instant,
  PlatformName,
  RegistrySource,
  Severity,
} from "./published-parts.ts";

const ChangeName = z.enum(changeKinds);

const FailureName = z.enum(failureClasses);

const ToldReason = z.enum(unscannableReasons).exclude(["not-an-image"]);

const aboutImage = {
  image: Image,
  tags: z.array(z.string()).describe("Tags it was pushed under, newest last; one may point elsewhere by now"),
  platform: PlatformName.optional(),
};

const Scan = z.object({
  id: ContentId.describe("Follows from image, database and scanner"),
  scannedAt: Instant,
  reason: z.enum(scanReasons),
  scanner: z.object({ name: z.literal("trivy"), version: z.string() }),
  database: Database.describe("The vulnerability database that the verdict rests on"),
  endOfLife: z.boolean().describe("The operating system is out of support: findings are missing for certain"),
});

const judged = {
  scan: Scan.describe("Of several platforms: the newest of theirs"),
  counts: Counts.describe("Open findings that are not exempted, by severity; of several platforms: their sum"),
  exempted: count.describe("Open findings that an exemption puts up with; not in counts"),
  platforms: z
    .array(
      z.object({
        reference: z.string().describe("registry/repository@digest"),
        digest: Digest,
        platform: PlatformName.optional(),
        scan: Scan,
        counts: Counts,
        exempted: count,
      }),
    )
    .optional()
    .describe("When the image is an index: its platforms that this tells of"),
};

const Finding = z.object({
  change: ChangeName,
  id: ContentId.describe(
    "Of this vulnerability in this package, in whichever image; of several platforms: the first's",
  ),
  vulnerabilityId: z.string().describe("CVE-…, GHSA-… or the publisher's own"),
  aliases: z.array(z.string()),
  package: z.object({
    name: z.string(),
    installedVersion: z.string(),
    type: z.string().describe("debian, alpine, npm, python-pkg, gobinary, jar, …"),
    purl: z.string().optional(),
    path: z.string().optional().describe("File inside the image, for language packages"),
  }),
  severity: Severity.describe("As it is now; of a resolved or retracted finding: as it last was"),
  previousSeverity: Severity.optional().describe("When it has become another one with this change"),
  cvssScore: z.number().min(0).max(10).optional().describe("CVSS base score; the API has its source and vector"),
  status: z.enum(findingStatuses),
  fixedVersion: z.string().optional().describe("Several, separated by commas, where several release lines were mended"),
  title: z.string().optional(),
  primaryUrl: z.string().optional(),
  remediation: z.string().describe("A sentence that says what to do"),
  exemption: z.string().optional().describe("Id of the exemption that began to apply, or ended, with this change"),
  platforms: z
    .array(z.string())
    .optional()
    .describe(
      "When the image is an index: its platforms in which this is so; a digest where the platform is not known",
    ),
});

const aboutEvent = { source: RegistrySource, subject: "repository@digest" };

export const imageAlertSchemas: Readonly<Record<ImageAlert["kind"], PublishedKind>> = {
  "findings.changed": {
    when: "A scan found something else than the scan before it, the first scan found something, or exemptions changed.",
    ...aboutEvent,
    data: {
      ...aboutImage,
      cause: z
        .enum(["scan", "exemptions"])
        .describe("exemptions: some began to apply or ended; scan is the newest one then, and was told before"),
      part: z.int().min(1),
      parts: z.int().min(1).describe("Messages that the changes had to be split into"),
      ...judged,
      changes: z.partialRecord(ChangeName, count).describe("How many of each kind, in all parts together"),
      highestSeverity: Severity.describe("Among the changed findings that were not exempted, in all parts together"),
      fixAvailable: z.boolean().describe("An upgrade mends one of the changed findings that count as open"),
      findings: z.array(Finding).min(1).describe("The changed findings of this part"),
    },
  },
  "scan.completed": {
    when: "A scan that was pushed, asked for or discovered found what was known, or nothing.",
    ...aboutEvent,
    data: { ...aboutImage, ...judged },
  },
  "scan.failed": {
    when: "All attempts at a scan failed.",
    ...aboutEvent,
    data: { ...aboutImage, failure: FailureName, detail: z.string(), attempts: z.int().min(1) },
  },
  "image.unscannable": {
    when: "The image cannot be judged. That is not the same as an image without vulnerabilities.",
    ...aboutEvent,
    data: { ...aboutImage, reason: ToldReason, detail: z.string() },
  },
  "image.gone": { when: "The registry no longer has the image.", ...aboutEvent, data: aboutImage },
};
