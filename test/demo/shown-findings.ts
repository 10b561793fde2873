import { styleText } from "node:util";
import * as z from "zod";
import type { Lab } from "../support/lab.ts";

const Instant = z.string().transform((text) => new Date(text));

const Image = z.object({ id: z.string(), firstSeenAt: Instant, scan: z.object({ scannedAt: Instant }) });

const Finding = z.object({
  vulnerabilityId: z.string(),
  severity: z.enum(["unknown", "low", "medium", "high", "critical"]),
  package: z.object({ name: z.string(), installedVersion: z.string() }),
  remediation: z.string(),
});

type Finding = z.output<typeof Finding>;

/** What GET /api/images says of the one image in the demo. */
export async function readImage(lab: Lab): Promise<z.output<typeof Image>> {
  const [image] = z.object({ items: z.array(Image) }).parse((await lab.call("/api/images")).body).items;
  if (image === undefined) throw new Error("An image was pushed and scanned.");
  return image;
}

export async function readFindings(lab: Lab, image: string): Promise<readonly Finding[]> {
  const { body } = await lab.call(`/api/images/${image}/findings`);
  return z.object({ items: z.array(Finding) }).parse(body).items;
}

export function findingsTable(findings: readonly Finding[]): readonly string[] {
  return findings.map(
    ({ severity, vulnerabilityId, remediation }) =>
      `${styleText(colours[severity], severity.padEnd(8))}  ${vulnerabilityId.padEnd(14)}  ${remediation}`,
  );
}

const colours = { critical: "red", high: "red", medium: "yellow", low: "dim", unknown: "dim" } as const;
