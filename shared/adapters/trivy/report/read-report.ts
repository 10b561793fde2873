import { lstat, readFile } from "node:fs/promises";
import { describeIssues } from "../../../messages/describe-issues.ts";
import { TrivyReport } from "./trivy-report.ts";

export type ReadReport =
  { readonly kind: "read"; readonly report: TrivyReport } | { readonly kind: "bad"; readonly detail: string };

/** Reads the file once, and only if it is one: a link or a pipe in its place would make us read something else. */
export async function readReport(file: string, limitBytes: number): Promise<ReadReport> {
  const stat = await lstat(file).catch(() => undefined);
  if (stat === undefined) return { kind: "bad", detail: "Trivy ended without an error and without a report." };
  if (!stat.isFile()) return { kind: "bad", detail: "Trivy's report is not a regular file." };
  if (stat.size > limitBytes)
    return { kind: "bad", detail: `Trivy's report has ${stat.size} bytes, more than the allowed ${limitBytes}.` };
  return parseReport(await readFile(file, "utf8"));
}

export function parseReport(text: string): ReadReport {
  const value = parseJson(text);
  if (value === undefined) return { kind: "bad", detail: "Trivy's report is not JSON." };
  const parsed = TrivyReport.safeParse(value);
  if (parsed.success) return { kind: "read", report: parsed.data };
  const [problem] = describeIssues(parsed.error, 400);
  return { kind: "bad", detail: `Trivy's report is not as expected. ${problem}.` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
