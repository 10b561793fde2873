import { statSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { laterAdvisory, foundation } from "../../fixtures/advisories/foundation.ts";
import { debianImage } from "../../support/images/sample-images.ts";
import { DATABASE_DATE, startReadyTrivyLab, startTrivyLab, type TrivyLab } from "./trivy-lab.ts";

const UNKNOWN = '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}';
const LATER = new Date("2026-11-21T06:00:00.000Z");

describe("the databases of Trivy", () => {
  it("are taken from the source and put in place, once", async () => {
    await using lab = await startTrivyLab();
    await lab.publish("vulnerability", DATABASE_DATE);
    await lab.publish("java", DATABASE_DATE);

    const [first, second] = [await lab.trivy.database.refresh(), await lab.trivy.database.refresh()];

    const database = lab.trivy.currentDatabase.version();
    expect(first).toEqual({ kind: "updated", database, source: `${lab.registry.host}/trivy-db:2` });
    expect(second).toEqual({ kind: "unchanged", database });
    expect(database?.updatedAt).toEqual(DATABASE_DATE);
    expect(database?.digest).toMatch(/^sha256:[0-9a-f]{64}\+sha256:[0-9a-f]{64}$/);
  });

  it("cannot be written to", async () => {
    await using lab = await startReadyTrivyLab();
    const { directory = "" } = lab.trivy.currentDatabase.installed("vulnerability") ?? {};

    const modes = ["db/trivy.db", "db/metadata.json"].map((name) => statSync(join(directory, name)).mode & 0o777);

    expect(modes).toEqual([0o444, 0o444]);
  });

  it("are found again after a restart, and leftovers of a kill are removed", async () => {
    await using lab = await startReadyTrivyLab();
    const databases = join(lab.directory, "databases");
    await writeFile(join(databases, "vulnerability", "left-half-way"), "");
    await writeFile(join(databases, "incoming", "left-half-way"), "");

    const again = await lab.reopen();

    expect(again.currentDatabase.version()).toEqual(lab.trivy.currentDatabase.version());
    expect(await readdir(join(databases, "vulnerability"))).toHaveLength(1);
    expect(await readdir(join(databases, "incoming"))).toEqual([]);
  });

  it("are downloaded again when what is there cannot be used", async () => {
    await using lab = await startReadyTrivyLab();
    await writeFile(join(lab.directory, "databases", "current.json"), "{");

    const again = await lab.reopen();

    expect(await again.scanner.current()).toBeUndefined();
    expect(await again.database.refresh()).toMatchObject({ kind: "updated" });
  });

  it("are brought back when someone has removed them", async () => {
    await using lab = await startReadyTrivyLab();
    const { directory = "" } = lab.trivy.currentDatabase.installed("vulnerability") ?? {};
    await rm(join(directory, "db", "trivy.db"));
    const image = await lab.push(await debianImage());

    const without = await lab.scan(image);
    const refreshed = await lab.trivy.database.refresh();

    expect(without).toMatchObject({ kind: "failed", failure: "database-unavailable" });
    expect(refreshed).toMatchObject({ kind: "updated" });
    expect(await lab.scan(image)).toMatchObject({ kind: "scanned" });
  });

  it("let a scan go on with the one it began with while a newer one is put in place", async () => {
    await using lab = await startReadyTrivyLab();
    const old = lab.trivy.currentDatabase.installed("vulnerability")?.directory ?? "";
    await lab.publish("vulnerability", LATER, [...foundation, laterAdvisory]);

    await lab.trivy.currentDatabase.lend(async () => {
      expect(await lab.trivy.database.refresh()).toMatchObject({ kind: "updated", database: { updatedAt: LATER } });
      expect(await readdir(old)).toEqual(["db"]);
    });

    await expect(readdir(old)).rejects.toThrow("ENOENT");
    const outcome = await lab.scan(await lab.push(await debianImage()));
    const found = outcome.kind === "scanned" ? outcome.report.findings.map((finding) => finding.vulnerabilityId) : [];
    expect(found).toContain(laterAdvisory.id);
  });

  it("are not replaced by older ones", async () => {
    await using lab = await startReadyTrivyLab();
    const before = lab.trivy.currentDatabase.version();
    await lab.publish("vulnerability", new Date("2026-11-01T00:00:00Z"));

    const refreshed = await lab.trivy.database.refresh();

    expect(refreshed).toHaveProperty("detail", expect.stringContaining("older than the one in place"));
    expect(lab.trivy.currentDatabase.version()).toEqual(before);
  });

  it("are taken from the next source when the first does not answer", async () => {
    await using lab = await startTrivyLab();
    await lab.publish("vulnerability", DATABASE_DATE);
    const source = `${lab.registry.host}/trivy-db:2`;
    const trivy = await lab.reopen({ settings: { databaseSources: ["localhost:1/trivy-db:2", source] } });

    expect(await trivy.database.refresh()).toMatchObject({ kind: "updated", source });
  });

  it("stay as they are when no source has an answer, which says why", async () => {
    await using lab = await startReadyTrivyLab();
    lab.registry.faults.add({ path: /trivy-db/, fault: { kind: "answer", status: 404, body: UNKNOWN } });

    const refreshed = await lab.trivy.database.refresh();

    expect(refreshed).toHaveProperty("detail", expect.stringContaining("it has no such tag"));
    expect(await lab.trivy.scanner.current()).toBeDefined();
  });

  it.each([
    ["is cut off", { kind: "truncate" }],
    ["has another content", { kind: "corrupt" }],
  ] as const)("are not put in place when the download %s", async (_, fault) => {
    await using lab = await startTrivyLab();
    await lab.publish("vulnerability", DATABASE_DATE);
    lab.registry.faults.add({ path: /trivy-db\/blobs/, fault });

    expect(await lab.trivy.database.refresh()).toMatchObject({ kind: "unavailable" });
    expect(await leftBehind(lab)).toEqual([]);
  });

  it("are not downloaded to a disk that is too full", async () => {
    await using lab = await startTrivyLab({ settings: { diskReserveBytes: 2 ** 60 } });
    await lab.publish("vulnerability", DATABASE_DATE);

    const refreshed = await lab.trivy.database.refresh();

    expect(refreshed).toHaveProperty("detail", expect.stringContaining("free bytes"));
  });

  it("are downloaded once when two ask at a time", async () => {
    await using lab = await startTrivyLab();
    await lab.publish("vulnerability", DATABASE_DATE);

    const outcomes = await Promise.all([lab.trivy.database.refresh(), lab.trivy.database.refresh()]);

    expect(outcomes[0]).toBe(outcomes[1]);
    expect(lab.registry.requests.matching("GET", /trivy-db\/blobs/)).toHaveLength(1);
  });
});

async function leftBehind(lab: TrivyLab): Promise<readonly string[]> {
  const folders = ["incoming", "vulnerability", "java"].map((name) => readdir(join(lab.directory, "databases", name)));
  return (await Promise.all(folders)).flat();
}
