import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundation, laterAdvisory } from "../fixtures/advisories/foundation.ts";
import { push } from "../support/images/push.ts";
import { alpineImage, debianImage, goImage } from "../support/images/sample-images.ts";
import { startLab, type Lab } from "../support/lab.ts";
import type { Advisory } from "../support/trivy-database/advisory.ts";
import { withoutFix } from "../support/trivy-database/without-fix.ts";
import { quiet } from "./quiet.ts";
import { readFindings, readImage, type ImageJson } from "./read-api.ts";
import { realTrivy } from "./real-trivy.ts";
import { skippableClock } from "./skippable-clock.ts";

const clock = skippableClock();
let lab: Lab;
let debian: Pick<ImageJson, "repository" | "digest">;

/** As {@link foundation}, on the day before there was a fix for this one. */
const fixedLater = "CVE-2024-6119";
const beforeTheFix: readonly Advisory[] = foundation.map((advisory) =>
  advisory.id === fixedLater ? withoutFix(advisory) : advisory,
);

beforeAll(async () => {
  const settings = { rescans: { rescanDays: 0, spreadMinutes: 0 } };
  lab = await startLab({ trivy: realTrivy(), advisories: beforeTheFix, clock, settings });
  debian = await push(lab.registry.url, "base/debian", await debianImage(), { tags: ["12.5"] });
  await push(lab.registry.url, "shop/gateway", await goImage(), { tags: ["5.0"] });
  await quiet(lab);
});

afterAll(() => lab[Symbol.asyncDispose]());

describe("a newer vulnerability database", () => {
  it("that knows the same: nobody is told anything", async () => {
    const news = await newsOf(beforeTheFix, new Date("2026-11-02T00:00:00Z"));

    expect(news).toEqual([]);
    expect(await readImage(lab, debian)).toMatchObject({ scan: { reason: "due" } });
  });

  it("that knows a fix: it is announced as fixAvailable, in the images that it mends, and nothing else is", async () => {
    const news = await newsOf(foundation, new Date("2026-11-03T00:00:00Z"));

    expect(news).toEqual([
      {
        repository: "base/debian",
        findings: [`fixAvailable ${fixedLater} libssl3`, `fixAvailable ${fixedLater} openssl`],
      },
    ]);
  });

  it("that knows one vulnerability more: only that is announced, where it matters", async () => {
    const news = await newsOf([...foundation, laterAdvisory], new Date("2026-11-04T00:00:00Z"));

    expect(news).toEqual([
      {
        repository: "base/debian",
        findings: [`opened ${laterAdvisory.id} libssl3`, `opened ${laterAdvisory.id} openssl`],
      },
    ]);
  });

  it("that has withdrawn one: it is announced as retracted", async () => {
    const news = await newsOf(foundation, new Date("2026-11-05T00:00:00Z"));

    expect(news).toEqual([
      {
        repository: "base/debian",
        findings: [`retracted ${laterAdvisory.id} libssl3`, `retracted ${laterAdvisory.id} openssl`],
      },
    ]);
  });

  it("that is older than the one in place is not taken", async () => {
    const before = await scannedWith();
    const news = await newsOf(beforeTheFix, new Date("2026-10-01T00:00:00Z"));

    expect(news).toEqual([]);
    expect(await scannedWith()).toEqual(before);
  });

  it("whose source is away: the old one is kept and goes on judging; back again, the new one is taken", async () => {
    const before = await scannedWith();
    lab.inProcess?.faults.add({ path: /\/v2\/trivy-db\/(?:manifests|blobs)/, fault: { kind: "answer", status: 503 } });
    const outcome = await lab.tidewatch.host.refreshDatabase();
    const alpine = await push(lab.registry.url, "base/alpine", await alpineImage());
    await quiet(lab);
    const found = await readImage(lab, alpine);
    lab.inProcess?.faults.clear();
    await lab.publish(foundation, new Date("2026-11-06T00:00:00Z"));
    const later = await lab.tidewatch.host.refreshDatabase();

    expect(outcome.kind === "unavailable" && outcome.detail).toContain("503");
    expect(found?.state.kind).toBe("scanned");
    expect(found?.scan).toMatchObject({ database: before });
    expect(found && (await readFindings(lab, found))).not.toEqual([]);
    expect(later).toMatchObject({ kind: "updated", database: { updatedAt: new Date("2026-11-06T00:00:00Z") } });
  });
});

/** What the subscriber is told after this database has been published, fetched and used. */
async function newsOf(advisories: readonly Advisory[], updatedAt: Date) {
  const before = lab.webhooks.received.length;
  await lab.publish(advisories, updatedAt);
  await lab.run("refreshDatabase");
  await lab.run("requestDueRescans");
  await quiet(lab);
  return lab.webhooks.received.slice(before).map(({ event }) => {
    expect(event.type).toBe("dev.tidewatch.findings.changed");
    const findings = event.data.findings?.map(
      ({ change, vulnerabilityId, package: named }) => `${change} ${vulnerabilityId} ${nameOf(named)}`,
    );
    return { repository: event.subject.replace(/@.*/, ""), findings };
  });
}

function nameOf(named: unknown): string {
  return typeof named === "object" && named !== null && "name" in named ? String(named.name) : "";
}

async function scannedWith(): Promise<unknown> {
  return (await readImage(lab, debian))?.scan?.["database"];
}
