import { describe, expect, it } from "vitest";

import { chunkFindings, parseStoredFindings } from "../../shared/messages/stored-findings.ts";
import { aTrackedFinding, manyFindings, tracked } from "../support/samples.ts";

describe("chunkFindings", () => {
  it("cuts into chunks of at most 1 MB of findings, in order and without gaps", () => {
    const findings = tracked(manyFindings(5_000));

    const chunks = [...chunkFindings("scan", findings)];

    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.map(({ ordinal }) => ordinal)).toEqual(chunks.map((_, index) => index));
    expect(chunks.flatMap((chunk) => chunk.findings)).toEqual(findings);
    for (const chunk of chunks) expect(Buffer.byteLength(chunk.document)).toBeLessThan(1_200_000);
  });

  it("counts bytes, not characters", () => {
    const findings = tracked(manyFindings(2, { title: "é".repeat(300_000) }));

    expect([...chunkFindings("scan", findings)]).toHaveLength(2);
  });

  it("gives the same documents for the same findings", () => {
    const once = [...chunkFindings("scan", tracked(manyFindings(3_000)))];

    expect([...chunkFindings("scan", tracked(manyFindings(3_000)))]).toEqual(once);
  });

  it("gives no chunk for no finding", () => {
    expect([...chunkFindings("scan", [])]).toEqual([]);
  });

  it("names every id and alias of what has not ended once, in upper case", () => {
    const findings = [
      aTrackedFinding({ vulnerabilityId: "CVE-2026-1", aliases: ["ghsa-x", "CVE-2026-1"] }),
      aTrackedFinding({ vulnerabilityId: "GHSA-X", aliases: [] }),
      aTrackedFinding({
        vulnerabilityId: "CVE-2026-2",
        ended: { kind: "resolved", at: new Date(2), lastSeenAt: new Date(1) },
      }),
    ];

    const [chunk] = chunkFindings("scan", findings);

    expect(JSON.parse(chunk?.document ?? "")).toMatchObject({ vulnerabilityIds: ["CVE-2026-1", "GHSA-X"] });
  });
});

describe("parseStoredFindings", () => {
  it("reads what was written", () => {
    const [chunk] = chunkFindings("scan", [aTrackedFinding()]);

    expect(parseStoredFindings(JSON.parse(chunk?.document ?? ""))).toEqual([aTrackedFinding()]);
  });

  it("reads what was written in several chunks", () => {
    const findings = tracked(manyFindings(3_000));

    const chunks = [...chunkFindings("scan", findings)];

    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.flatMap(({ document }) => parseStoredFindings(JSON.parse(document)))).toEqual(findings);
  });

  it.each([
    ["a newer shape", { schema: 3, findings: [] }, /newer Tidewatch.*schema: expected 2, is 3/s],
    ["what has no shape", { findings: [] }, /schema: expected 2, is no number/],
    ["no finding", { schema: 2, findings: [{ id: 7 }] }, /vulnerabilityId/],
    ["no document", null, /cannot be read/],
  ])("refuses %s and says what to do", (_, document, message) => {
    expect(() => parseStoredFindings(document)).toThrow(message);
  });
});
