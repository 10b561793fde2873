import { contentId } from "../domain/content-id.ts";
import { hourMs } from "../domain/days.ts";
import { parseStaleCheckpoint } from "../messages/announced-checkpoints.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { Checkpoints } from "../ports/checkpoints.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageScanner } from "../ports/image-scanner.ts";

export interface WatchDatabasePorts {
  readonly scanner: Pick<ImageScanner, "current">;
  readonly checkpoints: Checkpoints;
  readonly alerts: AlertTopic;
  readonly clock: Clock;
  readonly databaseStaleHours: number;
}

/** `missing`: there is no database yet, and each scan says so as it fails. */
export type WatchedDatabase = "fresh" | "told" | "toldBefore" | "missing";

/** Tells that the vulnerability database is too old, once for each day (UTC) and version. */
export const watchDatabase =
  ({ scanner, checkpoints, alerts, clock, databaseStaleHours: limitHours }: WatchDatabasePorts) =>
  async (): Promise<WatchedDatabase> => {
    const database = (await scanner.current())?.database;
    if (database === undefined) return "missing";
    const now = clock.now();
    const staleAt = new Date(database.updatedAt.getTime() + limitHours * hourMs);
    if (now < staleAt) return "fresh";

    const told = { digest: database.digest, day: now.toISOString().slice(0, 10) };
    const stored = await checkpoints.read(checkpoint);
    const last = stored && parseStaleCheckpoint(stored.value);
    if (last?.digest === told.digest && last.day === told.day) return "toldBefore";
    const id = contentId("database.stale", told.digest, told.day);
    // The same whenever it is called on that day: who is interrupted tells it again.
    const occurredAt = new Date(Math.max(staleAt.getTime(), Date.parse(told.day)));
    const ageHours = Math.floor((occurredAt.getTime() - database.updatedAt.getTime()) / hourMs);
    await alerts.publish([{ kind: "database.stale", id, occurredAt, database, ageHours, limitHours }]);
    // A conflict means that another instance has told the same, under the same id.
    await checkpoints.write(checkpoint, told, stored?.etag ?? "new");
    return "told";
  };

const checkpoint = "database-stale";
