import type { ImageStore } from "../../../ports/image-store.ts";
import { commitTogether } from "../commit-together.ts";
import { openDatabase, type Database } from "../open-database.ts";
import { imageFindings } from "./image-findings.ts";
import { imageOutbox } from "./image-outbox.ts";
import { imageRecords } from "./image-records.ts";
import { listAffected } from "./list-affected.ts";
import { listDue } from "./list-due.ts";
import { listOverdue } from "./list-overdue.ts";
import { listImages } from "./list-images.ts";
import { migrations } from "./schema.ts";

/**
 * The state of an embedded Tidewatch in one SQLite file, made when missing. What a write resolved to is on disk
 * (synced). Throws DatabaseOpenError when the file cannot be used. Refuses with StoreLimitError what Cosmos DB would.
 */
export function sqliteImageStore(file: string): ImageStore & { readonly close: () => Promise<void> } {
  const database = openDatabase({ file, migrations });
  tune(database);
  const commits = commitTogether(database);
  return {
    ...imageRecords(database, commits),
    ...imageFindings(database, commits),
    ...imageOutbox(database, commits),
    list: async (filter, page) => listImages(database, filter, page),
    listAffected: async (vulnerabilityId, page) => listAffected(database, vulnerabilityId, page),
    listDue: async (bounds, page) => listDue(database, bounds, page),
    listOverdue: async (before, page) => listOverdue(database, before, page),
    close: async () => {
      commits.flush();
      database.close();
    },
  };
}

/**
 * Image ids are hashes, so writes touch index pages all over the file. 8 MB of them in memory, and up to 32 MB of log
 * (8,000 pages) before they go back to the file, keep writing fast with 100,000 records there; 64 MB made the process
 * 40 MB larger and intake no faster (docs/performance.md).
 */
function tune(database: Database): void {
  database.get("PRAGMA cache_size = -8192");
  database.get("PRAGMA wal_autocheckpoint = 8000");
}
