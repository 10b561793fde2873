import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";

import { DatabaseOpenError } from "./database-open-error.ts";

export interface DatabaseOptions {
  /** Made when missing, with its directory. */
  readonly file: string;
  /** The SQL that leads from each schema version to the next, oldest first. Never change one that was released. */
  readonly migrations: readonly string[];
  /** Keeps every other connection out, other processes included, until close or the end of this process. */
  readonly exclusive?: boolean;
  /** How long to wait for another connection's lock; 5 seconds when missing. The process stands still meanwhile. */
  readonly busyTimeoutMs?: number;
}

/** Prepares each SQL text once and keeps it: texts are constants of the code, never built from data. */
export interface Database {
  readonly run: (sql: string, ...values: readonly SQLInputValue[]) => WriteResult;
  readonly get: (sql: string, ...values: readonly SQLInputValue[]) => Row | undefined;
  readonly all: (sql: string, ...values: readonly SQLInputValue[]) => readonly Row[];
  /** BEGIN IMMEDIATE … COMMIT, or ROLLBACK when the work throws. Not to be nested. On disk (synced) when it returns. */
  readonly transaction: <T>(work: () => T) => T;
  /** May be called twice. */
  readonly close: () => void;
}

export type Row = Readonly<Record<string, SQLOutputValue>>;

export interface WriteResult {
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/** Throws DatabaseOpenError when the file is in use, of a newer version, or no database. */
export function openDatabase(options: DatabaseOptions): Database {
  try {
    mkdirSync(dirname(options.file), { recursive: true });
    return migrated(connect(options), options);
  } catch (error) {
    throw DatabaseOpenError.from(error, options.file);
  }
}

function connect({ file, exclusive = false, busyTimeoutMs = 5_000 }: DatabaseOptions): DatabaseSync {
  const connection = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  // Before the first access in WAL mode, so that SQLite needs no shared memory: https://sqlite.org/wal.html#noshm
  if (exclusive) connection.exec("PRAGMA locking_mode = EXCLUSIVE");
  // FULL syncs the log at each commit (NORMAL may lose the last ones in a power cut); fullfsync is for macOS, whose
  // fsync leaves data in the drive's cache.
  connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
  return connection;
}

function migrated(connection: DatabaseSync, { file, migrations }: DatabaseOptions): Database {
  try {
    const database = wrap(connection);
    database.transaction(() => {
      const found = Number(database.get("PRAGMA user_version")?.["user_version"]);
      if (found > migrations.length) throw DatabaseOpenError.tooNew(file, found, migrations.length);
      for (const migration of migrations.slice(found)) connection.exec(migration);
      connection.exec(`PRAGMA user_version = ${migrations.length}`);
    });
    return database;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function wrap(connection: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const prepared = connection.prepare(sql);
    statements.set(sql, prepared);
    return prepared;
  };
  let open = true;

  return {
    run: (sql, ...values) => {
      const { changes, lastInsertRowid } = statement(sql).run(...values);
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    },
    get: (sql, ...values) => statement(sql).get(...values),
    all: (sql, ...values) => statement(sql).all(...values),
    transaction: (work) => {
      statement("BEGIN IMMEDIATE").run();
      try {
        const result = work();
        statement("COMMIT").run();
        return result;
      } catch (error) {
        rollBack(statement("ROLLBACK"));
        throw error;
      }
    },
    close: () => {
      if (open) connection.close();
      open = false;
    },
  };
}

/** SQLite has rolled back already after some errors (a full disk), and then says so; the first error is the one to tell. */
function rollBack(statement: StatementSync): void {
  try {
    statement.run();
  } catch {
    return;
  }
}
