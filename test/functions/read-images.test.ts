import { describe, expect, it } from "vitest";
import type { ImageRecord } from "../../shared/domain/image-record.ts";
import { parseTag } from "../../shared/domain/image-reference.ts";
import type { Severity } from "../../shared/domain/severity.ts";
import { aFinding, anImage, anImageRecord, aScanSummary } from "../support/samples.ts";
import { page } from "./page-answer.ts";
import { problem } from "./problem-answer.ts";
import { startApi, type Api } from "./start-api.ts";

const since = new Date("2026-03-02T10:00:00Z");

describe("GET /api/images", () => {
  it("lists all, page by page, as the body and the header Link say", async () => {
    const api = await startApi();
    for (const repository of ["a", "b", "c"]) await api.save(anImageRecord({ image: anImage({ repository }) }));

    const first = await api.call("/api/images?limit=2&state=scanned");
    const { items, next } = await page(first);
    const link = /^<(\?[^>]+)>; rel="next"$/.exec(first.headers.get("link") ?? "")?.[1];
    const followed = await api.call(`/api/images${link}`);
    const asked = await api.call(`/api/images?limit=2&state=scanned&cursor=${encodeURIComponent(next ?? "")}`);
    const last = await page(asked);

    expect(items.map(({ repository }) => repository)).toEqual(["a", "b"]);
    expect(last).toEqual({ items: [expect.objectContaining({ repository: "c" })] });
    expect(await followed.json()).toEqual(last);
    expect(asked.headers.get("link")).toBeNull();
    expect(first.headers.get("content-type")).toBe("application/json");
  });

  it.each([
    ["registry=a.io", ["a"]],
    ["repository=b", ["b"]],
    ["tag=edge", ["c"]],
    ["state=gone", ["b"]],
    ["severity=HIGH", ["a"]],
    ["severity=low", ["a", "c"]],
    ["registry=a.io&severity=low&tag=edge", []],
  ])("shows only what matches %s", async (query, repositories) => {
    const api = await startApi();
    await save(api, "a", { registry: "a.io", found: ["critical"] });
    await save(api, "b", { state: { kind: "gone", since } });
    await save(api, "c", { tags: [parseTag("edge")], found: ["low"] });

    const { items } = await page(await api.call(`/api/images?${query}`));

    expect(items.map(({ repository }) => repository)).toEqual(repositories);
  });

  it("takes the key in the query, where it is neither a filter nor passed on", async () => {
    const api = await startApi();
    for (const repository of ["a", "b"]) await api.save(anImageRecord({ image: anImage({ repository }) }));

    const answer = await fetch(`${api.url}/api/images?limit=1&code=${api.key}`);

    expect([answer.status, (await page(answer)).items.length]).toEqual([200, 1]);
    expect(answer.headers.get("link")).toMatch(/^<\?limit=1&cursor=[\w-]+>; rel="next"$/);
  });

  it.each([
    ["limit=0", "limit"],
    ["sevrity=high", "sevrity"],
    ["state=busy", "state"],
    ["severity=bad", "severity"],
    ["tag=-", "tag"],
    ["cursor=mine", "cursor"],
    ["registry=a%20b", "registry"],
    ["repository=A", "repository"],
  ])("refuses %s, and names it", async (query, name) => {
    const api = await startApi();

    const answer = await api.call(`/api/images?${query}`);

    expect(await problem(answer)).toEqual([400, "Bad Request", expect.stringContaining(name)]);
  });
});

describe("GET /api/images/{id}", () => {
  it("says everything that is known, and nothing of ours", async () => {
    const api = await startApi();
    const lease = { holder: "a-holder", message: "a-message", until: since };
    const record = anImageRecord({ state: { kind: "scanning", since, reason: "due", lease } });
    await api.save(record, [aFinding()]);

    const answer = await api.call(`/api/images/${record.id}`);

    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        id: record.id,
        reference: `shop.azurecr.io/team/web@${record.image.digest}`,
        registry: "shop.azurecr.io",
        repository: "team/web",
        digest: record.image.digest,
        tags: ["1.4.2", "latest"],
        platform: "linux/arm64/v8",
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        indexes: record.indexes,
        state: { kind: "scanning", since: "2026-03-02T10:00:00.000Z", reason: "due" },
        firstSeenAt: "2026-03-01T08:00:00.000Z",
        lastUsedAt: "2026-03-02T09:30:00.000Z",
        lastPushedAt: "2026-03-01T08:00:00.000Z",
        lastPulledAt: "2026-03-02T09:30:00.000Z",
        lastPuller: { identity: "kubelet", userAgent: "containerd/2.1" },
        lastCheckedAt: "2026-03-02T10:00:00.000Z",
        scan: {
          id: record.scan?.id,
          scannedAt: "2026-03-02T10:00:00.000Z",
          reason: "pushed",
          scanner: { name: "trivy", version: "0.74.0" },
          database: { ...record.scan?.database, updatedAt: record.scan?.database.updatedAt.toISOString() },
          operatingSystem: { family: "debian", name: "12.5", endOfLife: false },
          packageCount: 120,
          counts: { unknown: 0, low: 0, medium: 0, high: 1, critical: 0 },
          exempted: 0,
          changedAt: "2026-03-02T10:00:00.000Z",
        },
      },
    ]);
  });

  it("answers 404 for one that is not known, whatever the id", async () => {
    const api = await startApi();

    for (const id of ["none", "%2e%2e%2fetc", "%00", "'--", "a".repeat(4000)])
      expect(await problem(await api.call(`/api/images/${id}`))).toEqual([404, "Not Found", expect.any(String)]);
    expect(await problem(await api.call("/api/images/none/findings"))).toEqual([
      404,
      "Not Found",
      "No image with this id is known. GET /api/images lists those that are.",
    ]);
  });
});

async function save(
  { save }: Api,
  repository: string,
  { registry, found = [], ...changes }: Partial<ImageRecord> & { registry?: string; found?: readonly Severity[] },
): Promise<void> {
  const image = anImage({ repository, ...(registry !== undefined && { registry }) });
  const findings = found.map((severity) => aFinding({ severity }));
  await save(anImageRecord({ image, scan: aScanSummary({ image }), ...changes }), findings);
}
