import { styleText } from "node:util";
import { z } from "zod";
import type { Lab } from "../support/lab.ts";

const Finding = z.object({
  vulnerabilityId: z.string(),
  severity: z.enum(["unknown", "low", "medium", "high", "critical"]),
  package: z.object({ name: z.string(), installedVersion: z.string() }),
  remediation: z.string(),
});

type Finding = z.output<typeof Finding>;

/** What GET /api/images/{id}/findings says of the one image in the demo. */
export async function readFindings(lab: Lab): Promise<readonly Finding[]> {
  const images = z.object({ items: z.array(z.object({ id: z.string() })) }).parse((await lab.call("/api/images")).body);
  const { body } = await lab.call(`/api/images/${images.items[0]?.id ?? ""}/findings`);
  return z.object({ items: z.array(Finding) }).parse(body).items;
}

export function findingsTable(findings: readonly Finding[]): readonly string[] {
  return findings.map(
    ({ severity, vulnerabilityId, remediation }) =>
      `${styleText(colours[severity], severity.padEnd(8))}  ${vulnerabilityId.padEnd(14)}  ${remediation}`,
  );
}

const colours = { critical: "red", high: "red", medium: "yellow", low: "dim", unknown: "dim" } as const;
