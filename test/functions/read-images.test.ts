import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ImageRecord } from "../../shared/domain/image-record.ts";
import { parseTag } from "../../shared/domain/image-reference.ts";
import type { Severity } from "../../shared/domain/severity.ts";
import { aFinding, anImage, anImageRecord, aScanSummary, manyFindings } from "../support/samples.ts";
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

async function save(
  { save }: Api,
  repository: string,
  { registry, found = [], ...changes }: Partial<ImageRecord> & { registry?: string; found?: readonly Severity[] },
): Promise<void> {
  const image = anImage({ repository, ...(registry !== undefined && { registry }) });
  const findings = found.map((severity) => aFinding({ severity }));
  await save(anImageRecord({ image, scan: aScanSummary({ image }), ...changes }), findings);
}

async function page(answer: Response): Promise<z.output<typeof Page>> {
  return Page.parse(await answer.json());
}

async function affected(answer: Response): Promise<z.output<typeof AffectedPage>> {
  return AffectedPage.parse(await answer.json());
}

const Page = z.object({
  image: z.looseObject({ id: z.string() }).optional(),
  items: z.array(z.looseObject({ repository: z.string().optional(), vulnerabilityId: z.string().optional() })),
  next: z.string().optional(),
});

const AffectedPage = z.object({
  items: z.array(z.object({ image: z.looseObject({ repository: z.string() }), findings: z.array(z.unknown()) })),
  next: z.string().optional(),
});
