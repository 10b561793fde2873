import * as z from "zod";
import { parseReport } from "../../../shared/adapters/trivy/report/read-report.ts";
import { toScanReport } from "../../../shared/adapters/trivy/report/to-scan-report.ts";
import { StoredFinding } from "../../../shared/messages/stored-finding.ts";
import { aDatabase, anImage, aScanner } from "../../support/samples.ts";
import { fixtures } from "../corpus/fixtures.ts";
import { accepted, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "reports of Trivy, read and put into our words",
  format: "json",
  open: async () => ({
    corpus: [...fixtures("trivy"), ...fixtures("reports")],
    run: (input) => {
      const read = parseReport(Buffer.from(input).toString());
      if (read.kind === "bad") return { kind: "refused", why: read.detail };
      const verdict = toScanReport(read.report, scan);
      if (verdict.kind === "unscannable") return { kind: "refused", why: verdict.detail };
      const { findings } = verdict.report;
      if (new Set(findings.map(({ id }) => id)).size < findings.length) throw new Error("Two findings have one id.");
      const stored = Findings.parse(JSON.parse(JSON.stringify(findings)));
      if (JSON.stringify(stored) !== JSON.stringify(Findings.parse(JSON.parse(JSON.stringify(stored)))))
        throw new Error("Findings do not come out of the store as they went in.");
      const longest = Math.max(0, ...findings.map((finding) => JSON.stringify(finding).length));
      if (longest > mostOfOneFinding) throw new Error(`A finding has ${longest} characters.`);
      return accepted;
    },
  }),
};

const scan = { image: anImage(), scannedAt: new Date("2026-11-21T10:00:00Z"), scanner: aScanner, database: aDatabase };

const Findings = z.array(StoredFinding);

/** What a store can hold, with room for what is around it. */
const mostOfOneFinding = 300_000;
