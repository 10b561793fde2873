import { describe, expect, it } from "vitest";
import type { FindingChange } from "../../shared/domain/finding-changes.ts";
import type { HistoryEntry } from "../../shared/domain/history-entry.ts";
import type { ImageRecord } from "../../shared/domain/image-record.ts";
import {
  aDigest,
  aFinding,
  aHistoryEntry,
  anImage,
  anImageRecord,
  aScanSummary,
  manyFindings,
} from "../support/samples.ts";
import { page } from "./page-answer.ts";
import { problem } from "./problem-answer.ts";
import { startApi, type Api } from "./start-api.ts";

const monday = new Date("2026-03-02T10:00:00Z");
const tuesday = new Date("2026-03-03T10:00:00Z");

describe("GET /api/images/{id}/history", () => {
  it("gives the entries page by page, and each with what it changed page by page", async () => {
    const api = await startApi();
    const record = anImageRecord();
    const [first, second, third] = manyFindings(3);
    await remember(api, record, [
      [{ id: "1".repeat(32), at: monday }, [first, second, third]],
      [{ id: "2".repeat(32), at: tuesday, changes: { resolved: 1 }, cause: { kind: "gone" } }, []],
    ]);

    const newest = await page(await api.call(`/api/images/${record.id}/history?limit=1`));
    const rest = await page(await api.call(`/api/images/${record.id}/history?limit=1&cursor=${newest.next}`));
    const opened = await page(await api.call(`/api/images/${record.id}/history/${"1".repeat(32)}?limit=2`));
    const last = await page(
      await api.call(`/api/images/${record.id}/history/${"1".repeat(32)}?limit=2&cursor=${opened.next}`),
    );

    expect(newest.items).toMatchObject([{ at: monday.toISOString(), cause: { kind: "scan" } }]);
    expect(rest).toMatchObject({ items: [{ at: tuesday.toISOString(), cause: { kind: "gone" } }] });
    expect(rest.next).toBeUndefined();
    expect([...opened.items, ...last.items]).toMatchObject(
      [1, 2, 3].map((number) => ({ kind: "opened", finding: { vulnerabilityId: `CVE-2026-${number}` } })),
    );
  });

  it("knows neither images nor entries that are not there", async () => {
    const api = await startApi();
    const record = anImageRecord();
    await api.save(record);

    expect(await problem(await api.call("/api/images/none/history"))).toEqual([404, "Not Found", expect.any(String)]);
    expect(await problem(await api.call(`/api/images/${record.id}/history/none`))).toEqual([
      404,
      "Not Found",
      "The history of this image has no such entry.",
    ]);
  });
});

describe("GET /api/images/{id}/findings?at=", () => {
  it("shows what was known then, with the same filters", async () => {
    const api = await startApi();
    const record = anImageRecord();
    const low = aFinding({ vulnerabilityId: "CVE-2026-1", severity: "low" });
    await remember(api, record, [[{ at: monday }, [low, aFinding({ vulnerabilityId: "CVE-2026-2" })]]]);

    const all = await page(await api.call(`/api/images/${record.id}/findings?at=2026-03-02T12:00:00Z`));
    const severe = await page(
      await api.call(`/api/images/${record.id}/findings?severity=high&at=2026-03-02T10:00:00Z`),
    );

    expect(all).toMatchObject({ at: "2026-03-02T12:00:00.000Z", entry: { at: monday.toISOString() } });
    expect(all.items).toMatchObject([
      { vulnerabilityId: "CVE-2026-2", firstSeenAt: monday.toISOString() },
      { vulnerabilityId: "CVE-2026-1", severity: "low" },
    ]);
    expect(severe.items).toMatchObject([{ vulnerabilityId: "CVE-2026-2" }]);
  });

  it("is 404 with the reason when nothing was known yet", async () => {
    const api = await startApi();
    const record = anImageRecord();
    await remember(api, record, [[{ at: monday }, [aFinding()]]]);

    expect(await problem(await api.call(`/api/images/${record.id}/findings?at=2026-03-01T00:00:00Z`))).toEqual([
      404,
      "Not Found",
      "Nothing was known of this image's vulnerabilities then: its history begins at 2026-03-02T10:00:00.000Z.",
    ]);
  });

  it.each(["at=yesterday", "at=2026-03-02T10:00:00", "at=2026-03-02T10:00:00Z&ended=true", "ended=maybe"])(
    "refuses %s",
    async (query) => {
      const api = await startApi();
      const record = anImageRecord();
      await api.save(record);

      const answer = await api.call(`/api/images/${record.id}/findings?${query}`);

      expect(await problem(answer)).toEqual([400, "Bad Request", expect.stringContaining("Not a valid query")]);
    },
  );
});

describe("GET /api/images/{id}/changes", () => {
  it("counts what differs between two images, and lists it page by page", async () => {
    const api = await startApi();
    const [fixed, stays, introduced] = manyFindings(3);
    if (fixed === undefined || stays === undefined || introduced === undefined) throw new Error("Too few findings.");
    const [older, newer] = [recordOf("older"), recordOf("newer")];
    await api.save(older, [fixed, stays]);
    await api.save(newer, [stays, introduced]);
    const address = `/api/images/${newer.id}/changes?since=${older.id}&limit=1`;

    const first = await page(await api.call(address));
    const second = await page(await api.call(`${address}&cursor=${first.next}`));

    expect(first).toMatchObject({
      image: { id: newer.id },
      since: { id: older.id },
      changes: { introduced: 1, severityChanged: 0, fixed: 1, persisting: 1 },
    });
    expect([...first.items, ...second.items]).toMatchObject([
      { change: "introduced", finding: { vulnerabilityId: "CVE-2026-3" } },
      { change: "fixed", finding: { vulnerabilityId: "CVE-2026-1" } },
    ]);
    expect(second.next).toBeUndefined();
  });

  it("needs two images that are known and judged", async () => {
    const api = await startApi();
    const judged = recordOf("judged");
    const waiting = { ...recordOf("waiting"), scan: undefined };
    const state = { kind: "waiting", since: monday, reason: "pushed" } as const;
    await api.save(judged);
    await api.save({ ...waiting, state });

    const withoutSince = await api.call(`/api/images/${judged.id}/changes`);
    const unknown = await api.call(`/api/images/${judged.id}/changes?since=${"0".repeat(32)}`);
    const notJudged = await api.call(`/api/images/${judged.id}/changes?since=${waiting.id}`);

    expect(await problem(withoutSince)).toEqual([400, "Bad Request", expect.stringContaining("since")]);
    expect(await problem(unknown)).toEqual([404, "Not Found", expect.stringContaining("0".repeat(32))]);
    expect(await problem(notJudged)).toEqual([409, "Conflict", "This image waits for its first scan."]);
  });
});

it("GET /api/tags lists the images that a tag named, and asks for all that names it", async () => {
  const api = await startApi();
  const [older, newer] = [recordOf("older"), recordOf("newer")];
  await api.save({ ...newer, lastPushedAt: tuesday });
  await api.save({ ...older, lastPushedAt: monday });
  const { registry, repository } = older.image;

  const { items } = await page(await api.call(`/api/tags?registry=${registry}&repository=${repository}&tag=1.4.2`));
  const incomplete = await api.call(`/api/tags?repository=${repository}&tag=1.4.2`);

  expect(items).toMatchObject([{ id: older.id }, { id: newer.id }]);
  expect(await problem(incomplete)).toEqual([400, "Bad Request", expect.stringContaining("registry")]);
});

function recordOf(content: string): ImageRecord {
  const image = anImage({ digest: aDigest(content) });
  return anImageRecord({ image, scan: aScanSummary({ image }) });
}

/** Puts an image on record with entries that opened findings. */
async function remember(
  { save, workshop: { parts } }: Api,
  record: ImageRecord,
  entries: readonly (readonly [Partial<HistoryEntry>, readonly (FindingChange["finding"] | undefined)[]])[],
): Promise<void> {
  await save(record);
  const { images } = parts;
  for (const [given, opened] of entries) {
    const entry = aHistoryEntry({ image: record.id, ...given });
    const changes = opened.flatMap((finding) => (finding === undefined ? [] : [{ kind: "opened" as const, finding }]));
    const stored = await images.read(record.id);
    if (stored === undefined) throw new Error("The image is not on record.");
    await images.saveTransitions(record.id, entry.id, changes);
    await images.write(stored.value, stored.etag, { history: entry });
  }
}
