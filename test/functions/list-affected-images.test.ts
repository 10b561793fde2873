import { describe, expect, it } from "vitest";
import * as z from "zod";
import { aFinding, anImage, anImageRecord, aScanSummary } from "../support/samples.ts";
import { problem } from "./problem-answer.ts";
import { startApi } from "./start-api.ts";

const since = new Date("2026-03-02T10:00:00Z");

describe("GET /api/vulnerabilities/{id}/images", () => {
  it("finds images by id and alias in any letter case, and leaves out those that are gone", async () => {
    const api = await startApi();
    const finding = aFinding({ vulnerabilityId: "CVE-2026-1", aliases: ["GHSA-abcd-efgh-ijkm"] });
    for (const repository of ["a", "b", "gone"]) {
      const image = anImage({ repository });
      const state = { kind: repository === "gone" ? ("gone" as const) : ("scanned" as const), since };
      await api.save(anImageRecord({ image, scan: aScanSummary({ image }), state }), [finding]);
    }

    for (const id of ["CVE-2026-1", "cve-2026-1", "GHSA-ABCD-EFGH-IJKM", "ghsa-abcd-efgh-ijkm"]) {
      const { items } = await affected(await api.call(`/api/vulnerabilities/${id}/images`));
      expect(items.map(({ image }) => image.repository)).toEqual(["a", "b"]);
      expect(items[0]?.findings).toMatchObject([{ vulnerabilityId: "CVE-2026-1", package: { name: "openssl" } }]);
    }
    const first = await affected(await api.call("/api/vulnerabilities/CVE-2026-1/images?limit=1"));
    const second = await api.call(`/api/vulnerabilities/CVE-2026-1/images?limit=1&cursor=${first.next}`);
    expect((await affected(second)).items.map(({ image }) => image.repository)).toEqual(["b"]);
    expect(second.headers.get("link")).toBeNull();
  });

  it("is an empty list for what was never found, and refuses what it does not know", async () => {
    const api = await startApi();

    const never = await api.call("/api/vulnerabilities/CVE-1999-0001/images");
    const filtered = await api.call("/api/vulnerabilities/CVE-1999-0001/images?tag=1.0");

    expect(await never.json()).toEqual({ items: [] });
    expect(await problem(filtered)).toEqual([
      400,
      "Bad Request",
      "Not a valid query: tag: there are only limit, cursor.",
    ]);
  });
});

async function affected(answer: Response): Promise<z.output<typeof AffectedPage>> {
  return AffectedPage.parse(await answer.json());
}

const AffectedPage = z.object({
  items: z.array(z.object({ image: z.looseObject({ repository: z.string() }), findings: z.array(z.unknown()) })),
  next: z.string().optional(),
});
