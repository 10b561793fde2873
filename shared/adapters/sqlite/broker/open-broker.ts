import type { Clock } from "../../../ports/clock.ts";
import { openDatabase } from "../open-database.ts";
import { brokerOn } from "./broker-on.ts";
import type { Broker } from "./broker.ts";
import type { EntityDeclarations } from "./entities.ts";
import { MIGRATIONS } from "./schema.ts";

export interface BrokerOptions {
  /** The path of the SQLite file; made when missing. One broker at a time may have it open. */
  readonly file: string;
  readonly clock: Clock;
  readonly entities: EntityDeclarations;
}

/**
 * Opens the file for this process alone. Locks of a process that died are released at once, since nobody else can
 * hold one; their deliveries stay counted. Throws DatabaseOpenError (another process has the file, or it is of a newer
 * version), and InvalidEntityError or InvalidSqlFilterError for a declaration that Service Bus would refuse.
 */
export function openBroker({ file, clock, entities }: BrokerOptions): Broker {
  const database = openDatabase({ file, migrations: MIGRATIONS, exclusive: true, busyTimeoutMs: 1_000 });
  try {
    return brokerOn(database, clock, entities);
  } catch (error) {
    database.close();
    throw error;
  }
}
