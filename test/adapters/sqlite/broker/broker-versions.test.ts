import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openBroker } from "../../../../shared/adapters/sqlite/broker/open-broker.ts";
import { MIGRATIONS } from "../../../../shared/adapters/sqlite/broker/schema.ts";
import { openDatabase } from "../../../../shared/adapters/sqlite/open-database.ts";
import { manualClock } from "../../../support/manual-clock.ts";
import { temporaryFile, type TemporaryFile } from "./temporary-file.ts";

const entities = { queues: [{ name: "work" }] };

describe("broker.db", () => {
  let temporary: TemporaryFile;
  beforeEach(() => {
    temporary = temporaryFile("broker.db");
  });
  afterEach(() => temporary.remove());

  const open = () => openBroker({ file: temporary.file, clock: manualClock(), entities });

  it("of a newer version is refused with a sentence, and stays as it is", async () => {
    const before = open();
    await before.send("work", [{ body: "1" }]);
    await before.close();
    const newer = openDatabase({ file: temporary.file, migrations: [...MIGRATIONS, "CREATE TABLE newer (id)"] });
    newer.close();

    expect(open).toThrow(
      `${temporary.file} was written by a newer Tidewatch (its schema is version 2, this one knows 1). ` +
        "Start that version again, or restore the file from before the upgrade.",
    );
    const kept = openDatabase({ file: temporary.file, migrations: [...MIGRATIONS, "CREATE TABLE newer (id)"] });
    expect(kept.get("SELECT body FROM content")).toEqual({ body: "1" });
    kept.close();
  });

  it("of an older version is brought forward with its messages", async () => {
    const before = open();
    await before.send("work", [{ body: "1" }]);
    await before.close();
    const next = [...MIGRATIONS, "ALTER TABLE content ADD COLUMN language TEXT; UPDATE content SET language = 'en'"];

    const after = openDatabase({ file: temporary.file, migrations: next });

    expect(after.get("SELECT body, language FROM content")).toEqual({ body: "1", language: "en" });
    expect(after.get("PRAGMA user_version")).toEqual({ user_version: 2 });
    after.close();
  });

  it("that cannot be brought forward stays a file of the older version", async () => {
    const before = open();
    await before.send("work", [{ body: "1" }]);
    await before.close();
    const failing = [...MIGRATIONS, "DELETE FROM message; ALTER TABLE missing ADD COLUMN language TEXT"];

    expect(() => openDatabase({ file: temporary.file, migrations: failing })).toThrow("no such table: missing");

    const after = open();
    expect(await after.receive("work", 1)).toMatchObject([{ body: "1" }]);
    await after.close();
  });
});
