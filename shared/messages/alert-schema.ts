import { z } from "zod";
import type { Alert } from "../domain/alert.ts";
import { changeKinds } from "../domain/finding-changes.ts";
import { findingStatuses } from "../domain/finding.ts";
import { failureClasses, unscannableReasons } from "../domain/scan-outcome.ts";
import { scanReasons } from "../domain/scan-request.ts";
import { severities } from "../domain/severity.ts";

/**
 * The published form of each kind of alert, as {@link formatAlertEvent} writes it. docs/events/*.schema.json are made
 * from these by tools/write-event-schemas.ts: what is here is a promise to subscribers. Members and
 * values may be added, none taken away, so the schemas let members pass that they do not name.
 */
export function alertEventSchema(kind: Alert["kind"]): z.ZodType {
  const { when, data } = published[kind];
  return z
    .object({
      specversion: z.literal("1.0"),
      id: ContentId.describe("The same whenever this event is sent again: remember it to see each change once"),
      type: z.literal(`dev.tidewatch.${kind}`),
      source: z
        .string()
        .regex(/^\/registries\//)
        .describe("/registries/ and the registry's host"),
      subject: z.string().describe("repository@digest"),
      time: Instant,
      datacontenttype: z.literal("application/json"),
      data: z.object({ ...aboutImage, ...data }),
    })
    .meta({ title: `dev.tidewatch.${kind}`, description: when });
}

/** JSON Schema 2020-12 of the event. */
export function alertEventJsonSchema(kind: Alert["kind"]): object {
  // What a receiver reads is this schema's input: the output form would forbid the members of the future.
  return z.toJSONSchema(alertEventSchema(kind), {
    io: "input",
    override: ({ jsonSchema }) => {
      // What zod adds of its own says nothing to a reader: a calendar as a pattern, the largest safe integer.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
}

const Instant = z.iso.datetime();
const ContentId = z.string().regex(/^[0-9a-f]{32}$/);
const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const Severity = z.enum(severities);
const count = z.int().nonnegative();

const Counts = z
  .object({ unknown: count, low: count, medium: count, high: count, critical: count })
  .describe("Findings of the image after this scan, by severity");

const ChangeName = z.enum(changeKinds);

const FailureName = z.enum(failureClasses);

const ToldReason = z.enum(unscannableReasons).exclude(["not-an-image"]);

const aboutImage = {
  image: z.object({
    reference: z.string().describe("registry/repository@digest"),
    registry: z.string(),
    repository: z.string(),
    digest: Digest,
  }),
  tags: z.array(z.string()).describe("Tags it was pushed under, newest last; one may point elsewhere by now"),
  platform: z.string().optional().describe("os/architecture or os/architecture/variant, where known"),
};

const Scan = z.object({
  id: ContentId.describe("Follows from image, database and scanner"),
  scannedAt: Instant,
  reason: z.enum(scanReasons),
  scanner: z.object({ name: z.literal("trivy"), version: z.string() }),
  database: z
    .object({ updatedAt: Instant, digest: z.string() })
    .describe("The vulnerability database that the verdict rests on"),
  endOfLife: z.boolean().describe("The operating system is out of support: findings are missing for certain"),
});

const Finding = z.object({
  change: ChangeName,
  id: ContentId.describe("Of this vulnerability in this package, in whichever image"),
  vulnerabilityId: z.string().describe("CVE-…, GHSA-… or the publisher's own"),
  aliases: z.array(z.string()),
  package: z.object({
    name: z.string(),
    installedVersion: z.string(),
    type: z.string().describe("debian, alpine, npm, python-pkg, gobinary, jar, …"),
    purl: z.string().optional(),
    path: z.string().optional().describe("File inside the image, for language packages"),
  }),
  severity: Severity.describe("As it is now; of a resolved finding: as it last was"),
  previousSeverity: Severity.optional().describe("When it has become another one with this change"),
  cvssScore: z.number().min(0).max(10).optional().describe("CVSS base score; the API has its source and vector"),
  status: z.enum(findingStatuses),
  fixedVersion: z.string().optional().describe("Several, separated by commas, where several release lines were mended"),
  title: z.string().optional(),
  primaryUrl: z.string().optional(),
  remediation: z.string().describe("A sentence that says what to do"),
});

const published: Readonly<Record<Alert["kind"], { readonly when: string; readonly data: z.ZodRawShape }>> = {
  "findings.changed": {
    when: "A scan found something else than the scan before it, or the first scan found something.",
    data: {
      part: z.int().min(1),
      parts: z.int().min(1).describe("Messages that the changes had to be split into"),
      scan: Scan,
      changes: z.partialRecord(ChangeName, count).describe("How many of each kind, in all parts together"),
      counts: Counts,
      highestSeverity: Severity.describe("Among the changed findings, in all parts together"),
      fixAvailable: z.boolean().describe("An upgrade mends one of the changed findings that are open"),
      findings: z.array(Finding).min(1).describe("The changed findings of this part"),
    },
  },
  "scan.completed": {
    when: "A scan that was pushed, asked for or discovered found what was known, or nothing.",
    data: { scan: Scan, counts: Counts },
  },
  "scan.failed": {
    when: "All attempts at a scan failed.",
    data: { failure: FailureName, detail: z.string(), attempts: z.int().min(1) },
  },
  "image.unscannable": {
    when: "The image cannot be judged. That is not the same as an image without vulnerabilities.",
    data: { reason: ToldReason, detail: z.string() },
  },
  "image.gone": { when: "The registry no longer has the image.", data: {} },
};
