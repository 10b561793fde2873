import { lstat, readFile } from "node:fs/promises";
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
  const parsed = TrivyReport.safeParse(parseJson(text));
  if (parsed.success) return { kind: "read", report: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: "bad", detail: `Trivy's report is not as expected at "${issue?.path.join(".")}": ${issue?.message}.` };
}

/** Undefined, which is no report either, when it is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
