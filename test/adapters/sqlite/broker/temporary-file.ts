import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryFile {
  readonly file: string;
  readonly remove: () => void;
}

/** A path in a directory of its own, since SQLite puts further files beside its database. */
export function temporaryFile(name: string): TemporaryFile {
  const directory = mkdtempSync(join(tmpdir(), "tidewatch-"));
  return { file: join(directory, name), remove: () => rmSync(directory, { recursive: true, force: true }) };
}
