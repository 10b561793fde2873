import { describe, expect, it } from "vitest";
import { aFinding, anImage, anImageRecord, aScanSummary, manyFindings } from "../support/samples.ts";
import { page } from "./page-answer.ts";
import { problem } from "./problem-answer.ts";
import { startApi } from "./start-api.ts";

const since = new Date("2026-03-02T10:00:00Z");

describe("GET /api/images/{id}/findings", () => {
  it("gives each finding once, page by page, with the image that they belong to", async () => {
    const api = await startApi();
    const record = anImageRecord();
    await api.save(record, manyFindings(5));

    const read: string[] = [];
    let query: string | undefined = "?limit=2";
    while (query !== undefined) {
      const answer = await api.call(`/api/images/${record.id}/findings${query}`);
      query = /^<([^>]+)>/.exec(answer.headers.get("link") ?? "")?.[1];
      const { image, items } = await page(answer);
      expect(image).toMatchObject({ id: record.id });
      read.push(...items.map(({ vulnerabilityId }) => vulnerabilityId ?? ""));
    }

    expect(read).toEqual(["CVE-2026-1", "CVE-2026-2", "CVE-2026-3", "CVE-2026-4", "CVE-2026-5"]);
  });

  it.each([
    ["severity=high", ["CVE-1", "CVE-2"]],
    ["fixable=true", ["CVE-2", "CVE-3"]],
    ["fixable=false", ["CVE-1"]],
    ["fixable=true&severity=High&limit=1", ["CVE-2"]],
  ])("shows only what matches %s", async (query, ids) => {
    const api = await startApi();
    const record = anImageRecord();
    await api.save(record, [
      aFinding({ vulnerabilityId: "CVE-1", severity: "critical", fixedVersion: undefined }),
      aFinding({ vulnerabilityId: "CVE-2", severity: "high" }),
      aFinding({ vulnerabilityId: "CVE-3", severity: "low" }),
    ]);

    const { items, next } = await page(await api.call(`/api/images/${record.id}/findings?${query}`));

    expect(items.map(({ vulnerabilityId }) => vulnerabilityId)).toEqual(ids);
    expect(next).toBeUndefined();
  });

  it("is an empty list only where a scan found nothing; without a verdict it is 409 with the reason", async () => {
    const api = await startApi();
    const image = anImage({ repository: "clean" });
    const clean = anImageRecord({ image, scan: aScanSummary({ image }) });
    const windows = anImageRecord({
      state: { kind: "unscannable", since, reason: "windows", detail: "Nothing is known about Windows." },
      scan: undefined,
    });
    await api.save(clean);
    await api.save(windows);

    const ofClean = await page(await api.call(`/api/images/${clean.id}/findings`));
    const ofWindows = await api.call(`/api/images/${windows.id}/findings`);
    const windowsItself = await api.call(`/api/images/${windows.id}`);

    expect(ofClean.items).toEqual([]);
    expect(await problem(ofWindows)).toEqual([
      409,
      "Conflict",
      "This image cannot be judged (windows): Nothing is known about Windows.",
    ]);
    expect(await windowsItself.text()).not.toMatch(/counts|packageCount/);
  });

  it.each(["cursor=x", "cursor=", "limit=501", "fixable=maybe", "state=scanned"])("refuses %s", async (query) => {
    const api = await startApi();
    const record = anImageRecord();
    await api.save(record);

    const answer = await api.call(`/api/images/${record.id}/findings?${query}`);

    expect(await problem(answer)).toEqual([400, "Bad Request", expect.stringContaining(query.split("=", 1)[0] ?? "")]);
  });
});
