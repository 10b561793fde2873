import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

import { migrations } from "../../../../shared/adapters/sqlite/image-store/schema.ts";
import { imageId } from "../../../../shared/domain/image-record.ts";
import { sqliteImageStore } from "../../../../shared/adapters/sqlite/image-store/sqlite-image-store.ts";
import {
  aDigest,
  aFinding,
  aFindingsChangedAlert,
  anImage,
  anImageRecord,
  aScanSummary,
} from "../../../support/samples.ts";
import { firstFindings, firstImage, firstOutboxEntry } from "./first-schema.ts";

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tidewatch-migration-"));
  file = join(directory, "state.db");
});

afterEach(async () => rm(directory, { recursive: true }));

it("opens a store of the first version: records, findings, lookups, the outbox and a history that begins there", async () => {
  const image = anImage();
  const findings = [aFinding(), aFinding({ vulnerabilityId: "CVE-2026-2" })];
  const { id } = anImageRecord({ image });
  const waiting = anImage({ repository: "waiting" });
  writeFirstVersion(file, (database) => {
    database.prepare("INSERT INTO images (id, version, document) VALUES (?, 'v', ?)").run(id, firstImage(image, 2));
    database.prepare("INSERT INTO images (id, version, document) VALUES ('w', 'v', ?)").run(firstImage(waiting));
    saveFirstFindings(database, id, aScanSummary({ image }).id, findings);
    saveFirstFindings(database, id, "half-written", [aFinding()]);
    database.prepare("INSERT INTO outbox (document) VALUES (?)").run(firstOutboxEntry(image));
  });

  const store = sqliteImageStore(file);

  const scan = aScanSummary({ image, counts: { unknown: 0, low: 0, medium: 0, high: 2, critical: 0 } });
  const tracked = findings.map((finding) => ({ ...finding, firstSeenAt: scan.scannedAt }));
  const known = (await store.read(id))?.value;
  expect(known?.scan).toEqual(scan);
  expect((await store.read("w"))?.value.scan).toBeUndefined();
  expect(await store.readFindings(id, scan.findings)).toEqual(tracked);
  expect(await store.readFindings(id, "half-written")).toEqual([]);
  const affected = await store.listAffected("cve-2026-2", { limit: 10 });
  expect(affected.items).toEqual([{ image: known, findings: [tracked[1]] }]);
  const { items: history } = await store.listHistory(id, { limit: 10 });
  expect(history).toEqual([
    {
      ...{ id: scan.id, image: id, at: scan.scannedAt, changes: { opened: 2 }, counts: scan.counts, exempted: 0 },
      cause: {
        ...{ kind: "scan", scan: scan.id, reason: "pushed" },
        ...{ scanner: scan.scanner, database: scan.database },
      },
    },
  ]);
  const changes = await store.readTransitions(id, scan.id);
  expect(changes.map(({ kind, finding }) => [kind, finding.id])).toEqual(findings.map((each) => ["opened", each.id]));
  expect((await store.pendingOutbox(10)).map((entry) => entry.kind === "alert" && entry.alert)).toEqual([
    aFindingsChangedAlert({ image, id: "an-alert" }),
  ]);
  await store.close();
});

it("writes into a store of the first version as into its own", async () => {
  const image = anImage();
  const record = anImageRecord({ image });
  writeFirstVersion(file, (database) => {
    database
      .prepare("INSERT INTO images (id, version, document) VALUES (?, 'v', ?)")
      .run(record.id, firstImage(image, 0));
  });
  const store = sqliteImageStore(file);

  const etag = (await store.read(record.id))?.etag ?? '""';
  const written = await store.write(record, etag);

  expect(written.kind).toBe("written");
  expect((await store.read(record.id))?.value).toEqual(record);
  expect((await store.list({ tag: record.tags[0] }, { limit: 10 })).items).toHaveLength(1);
  await store.close();
});

it("keeps of the outbox of version 4 what has yet to be told, and for which index it is held", async () => {
  const image = anImage();
  const index = aDigest("an index");
  const database = new DatabaseSync(file);
  database.exec(`${migrations.slice(0, 4).join("")}; PRAGMA user_version = 4`);
  const add = database.prepare("INSERT INTO outbox (document, published_at) VALUES (?, ?)");
  const entry = { schema: 1, image: imageId(image), createdAt: "2026-03-02T10:00:05.000Z" };
  add.run(JSON.stringify({ ...entry, kind: "storedAlerts", id: "published", blob: "b" }), "2026-03-02T10:00:06.000Z");
  add.run(JSON.stringify({ ...entry, kind: "storedAlerts", id: "untold", blob: "b" }), null);
  add.run(JSON.stringify({ ...entry, kind: "storedAlerts", id: "held", blob: "b", heldFor: index }), null);
  database.close();

  const store = sqliteImageStore(file);

  const about = { kind: "storedAlerts", image: imageId(image), createdAt: new Date(entry.createdAt), blob: "b" };
  expect(await store.pendingOutbox(10)).toEqual([{ ...about, id: "untold" }]);
  expect(await store.heldOutbox(10)).toEqual([{ ...about, id: "held", held: { kind: "forIndex", index } }]);
  await store.close();
});

it("refuses a store of a newer version with a sentence that says what to do", () => {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  database.close();

  expect(() => sqliteImageStore(file)).toThrow(/was written by a newer Tidewatch .* Start that version again/);
});

function writeFirstVersion(path: string, fill: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path);
  database.exec(`${migrations[0] ?? ""}; PRAGMA user_version = 1`);
  fill(database);
  database.close();
}

function saveFirstFindings(
  database: DatabaseSync,
  image: string,
  scan: string,
  findings: readonly ReturnType<typeof aFinding>[],
): void {
  const { lastInsertRowid } = database.prepare("INSERT INTO scans (image, id) VALUES (?, ?)").run(image, scan);
  database
    .prepare("INSERT INTO finding_chunks (scan, ordinal, document) VALUES (?, 0, ?)")
    .run(lastInsertRowid, firstFindings(scan, findings));
  for (const [position, { vulnerabilityId }] of findings.entries()) {
    database.prepare("INSERT OR IGNORE INTO vulnerabilities (name) VALUES (?)").run(vulnerabilityId);
    database
      .prepare(
        "INSERT INTO affected (vulnerability, scan, ordinal, position) SELECT number, ?, 0, ? FROM vulnerabilities WHERE name = ?",
      )
      .run(lastInsertRowid, position, vulnerabilityId);
  }
}
