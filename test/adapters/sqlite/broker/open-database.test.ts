import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { commitTogether } from "../../../../shared/adapters/sqlite/commit-together.ts";
import { openDatabase, type Database } from "../../../../shared/adapters/sqlite/open-database.ts";
import { temporaryFile, type TemporaryFile } from "./temporary-file.ts";

const FIRST = "CREATE TABLE note (text TEXT NOT NULL) STRICT; INSERT INTO note VALUES ('first')";
const SECOND = "ALTER TABLE note ADD COLUMN author TEXT; INSERT INTO note VALUES ('second', 'me')";

describe("a database file", () => {
  let temporary: TemporaryFile;
  let opened: Database[] = [];
  beforeEach(() => {
    temporary = temporaryFile("some.db");
  });
  afterEach(() => {
    for (const database of opened) database.close();
    opened = [];
    temporary.remove();
  });

  const open = (migrations: readonly string[] = [FIRST], file = temporary.file): Database => {
    const database = openDatabase({ file, migrations, busyTimeoutMs: 10 });
    opened.push(database);
    return database;
  };
  const texts = (database: Database) => database.all("SELECT text FROM note").map((row) => row["text"]);

  it("is made with its directory, and brought up to date step by step, each once", () => {
    const file = join(dirname(temporary.file), "new", "some.db");
    open([FIRST], file).close();

    const again = open([FIRST, SECOND], file);

    expect(texts(again)).toEqual(["first", "second"]);
    expect(texts(open([FIRST, SECOND], file))).toEqual(["first", "second"]);
  });

  it("stays as it was when a migration fails", () => {
    open([FIRST]).close();

    expect(() => open([FIRST, `${SECOND}; NONSENSE`])).toThrow("cannot be opened as a SQLite database");

    expect(open([FIRST]).get("PRAGMA user_version")).toEqual({ user_version: 1 });
  });

  it("is refused when a newer version wrote it", () => {
    open([FIRST, SECOND]).close();

    expect(() => open([FIRST])).toThrow("its schema is version 2, this one knows 1");
  });

  it("is refused with its name when it is no database", () => {
    writeFileSync(
      temporary.file,
      "this is a text file, and long enough to be looked at as a database header".repeat(20),
    );

    expect(() => open()).toThrow(`${temporary.file} cannot be opened as a SQLite database`);
  });

  it("syncs each commit to the disk", () => {
    expect(open().get("PRAGMA synchronous")).toEqual({ synchronous: 2 });
    expect(open().get("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
  });

  it("undoes a transaction whose work throws", () => {
    const database = open();

    const failing = () =>
      database.transaction(() => {
        database.run("INSERT INTO note VALUES ('undone')");
        throw new Error("no");
      });

    expect(failing).toThrow("no");
    expect(texts(database)).toEqual(["first"]);
    expect(database.transaction(() => database.run("DELETE FROM note").changes)).toBe(1);
  });

  it("commits all work of one turn together, and tells nobody before", async () => {
    const database = open();
    let transactions = 0;
    const counting: Database = {
      ...database,
      transaction: (work) => {
        transactions += 1;
        return database.transaction(work);
      },
    };
    const { transact } = commitTogether(counting);
    const add = async (text: string) => await transact(() => database.run("INSERT INTO note VALUES (?)", text));

    await Promise.all([add("a"), add("b"), add("c")]);

    expect(transactions).toBe(1);
    expect(texts(database)).toEqual(["first", "a", "b", "c"]);
  });

  it("commits a flood in several transactions, all of it", async () => {
    const database = open();
    const { transact } = commitTogether(database);
    const add = async () => await transact(() => database.run("INSERT INTO note VALUES ('more')"));

    await Promise.all(Array.from({ length: 1_200 }, add));

    expect(texts(database)).toHaveLength(1_201);
  });

  it("lets work that throws spoil nothing but itself", async () => {
    const database = open();
    const { transact } = commitTogether(database);
    const add = (text: string) => database.run("INSERT INTO note VALUES (?)", text).changes;

    const results = await Promise.allSettled([
      transact(() => add("before")),
      transact(() => {
        add("half");
        throw new Error("no");
      }),
      transact(() => add("after")),
    ]);

    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(texts(database)).toEqual(["first", "before", "after"]);
  });
});
