import type { Cvss } from "../../../domain/finding.ts";
import type { TrivyCvss } from "./trivy-report.ts";

/** The rating of who also set the severity, else NVD's, else the first in the alphabet; of that the newest version. */
export function selectCvss(
  ratings: Readonly<Record<string, TrivyCvss>> = {},
  severitySource: string | undefined,
): Cvss | undefined {
  const sources = [severitySource ?? "nvd", "nvd", ...Object.keys(ratings).sort()];
  for (const source of sources) {
    const newest = newestVersion(ratings[source] ?? {});
    if (newest !== undefined) return { source, ...newest };
  }
  return undefined;
}

/** Scores begin at 0.1 wherever there is something to score: Go leaves out, or writes as 0, what is not there. */
function newestVersion(rating: TrivyCvss): Pick<Cvss, "score" | "vector"> | undefined {
  const versions = [
    { score: rating.V40Score, vector: rating.V40Vector },
    { score: rating.V3Score, vector: rating.V3Vector },
    { score: rating.V2Score, vector: rating.V2Vector },
  ];
  for (const { score, vector } of versions)
    if (score !== undefined && score > 0 && score <= 10) return { score, vector };
  return undefined;
}
