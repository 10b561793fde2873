export type DatabaseOpenFailure = "inUse" | "tooNew" | "unreadable";

/** The file cannot be opened; the message says what a person can do. */
export class DatabaseOpenError extends Error {
  override name = "DatabaseOpenError";
  readonly reason: DatabaseOpenFailure;

  constructor(reason: DatabaseOpenFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  static tooNew(file: string, found: number, known: number): DatabaseOpenError {
    return new DatabaseOpenError(
      "tooNew",
      `${file} was written by a newer Tidewatch (its schema is version ${found}, this one knows ${known}). ` +
        "Start that version again, or restore the file from before the upgrade.",
    );
  }

  static from(error: unknown, file: string): DatabaseOpenError {
    if (error instanceof DatabaseOpenError) return error;
    if (sqliteCode(error) === SQLITE_BUSY) {
      return new DatabaseOpenError(
        "inUse",
        `${file} is in use by another process. Stop that one, or choose another file.`,
        { cause: error },
      );
    }
    const why = error instanceof Error ? error.message : String(error);
    return new DatabaseOpenError("unreadable", `${file} cannot be opened as a SQLite database: ${why}.`, {
      cause: error,
    });
  }
}

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

function sqliteCode(error: unknown): unknown {
  return error instanceof Error && "errcode" in error ? error.errcode : undefined;
}
