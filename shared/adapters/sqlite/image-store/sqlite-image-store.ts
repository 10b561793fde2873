import type { AlertLog } from "../../../ports/alert-log.ts";
import type { Checkpoints } from "../../../ports/checkpoints.ts";
import type { DeadLetters } from "../../../ports/dead-letters.ts";
import type { DeliveryLog } from "../../../ports/delivery-log.ts";
import type { ExemptionStore } from "../../../ports/exemption-store.ts";
import type { ImageStore } from "../../../ports/image-store.ts";
import type { StateRetention } from "../../../ports/state-retention.ts";
import { commitTogether } from "../commit-together.ts";
import { openDatabase, type Database } from "../open-database.ts";
import { sqliteAlertLog } from "../state/sqlite-alert-log.ts";
import { sqliteCheckpoints } from "../state/sqlite-checkpoints.ts";
import { sqliteDeadLetters } from "../state/sqlite-dead-letters.ts";
import { sqliteDeliveryLog } from "../state/sqlite-delivery-log.ts";
import { sqliteExemptionStore } from "../state/sqlite-exemption-store.ts";
import { sqliteRetention } from "../state/sqlite-retention.ts";
import { imageFindings } from "./image-findings.ts";
import { imageHistory } from "./image-history.ts";
import { imageOutbox } from "./image-outbox.ts";
import { imageRecords } from "./image-records.ts";
import { listAffected } from "./list-affected.ts";
import { listDue } from "./list-due.ts";
import { listOverdue } from "./list-overdue.ts";
import { listImages } from "./list-images.ts";
import { removeStrays } from "./remove-strays.ts";
import { migrations } from "./schema.ts";

/**
 * The state of an embedded Tidewatch in one SQLite file, made when missing. What a write resolved to is on disk
 * (synced). Throws DatabaseOpenError when the file cannot be used. Refuses with StoreLimitError what Cosmos DB would.
 */
export function sqliteImageStore(file: string): ImageStore & SqliteState {
  const database = openDatabase({ file, migrations });
  tune(database);
  const commits = commitTogether(database);
  return {
    ...imageRecords(database, commits),
    ...imageFindings(database, commits),
    ...imageHistory(database, commits),
    ...imageOutbox(database, commits),
    list: async (filter, page) => listImages(database, filter, page),
    listAffected: async (vulnerabilityId, page) => listAffected(database, vulnerabilityId, page),
    listDue: async (bounds, page) => listDue(database, bounds, page),
    listOverdue: async (before, page) => listOverdue(database, before, page),
    removeStrays: async (savedBefore, limit) => removeStrays(database, commits, { savedBefore, limit }),
    checkpoints: sqliteCheckpoints(database, commits),
    deadLetters: sqliteDeadLetters(database, commits),
    alertLog: sqliteAlertLog(database, commits),
    deliveryLog: sqliteDeliveryLog(database, commits),
    exemptions: sqliteExemptionStore(database, commits),
    retention: sqliteRetention(database, commits),
    close: async () => {
      commits.flush();
      database.close();
    },
  };
}

/** What lies in the same file, on the same connection, so that what is written in one turn shares a sync. */
export interface SqliteState {
  readonly checkpoints: Checkpoints;
  readonly deadLetters: DeadLetters;
  readonly alertLog: AlertLog;
  readonly deliveryLog: DeliveryLog;
  readonly exemptions: ExemptionStore;
  readonly retention: StateRetention;
  readonly close: () => Promise<void>;
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
