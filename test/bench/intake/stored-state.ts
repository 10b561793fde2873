import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { brokerScanRequests } from "../../../shared/adapters/broker/broker-scan-requests.ts";
import { openBroker } from "../../../shared/adapters/sqlite/broker/open-broker.ts";
import { sqliteImageStore } from "../../../shared/adapters/sqlite/image-store/sqlite-image-store.ts";
import { parseDigest, type Digest } from "../../../shared/domain/digest.ts";
import { parseRegistryHost, parseRepository } from "../../../shared/domain/image-reference.ts";
import { brokerEntities } from "../../../shared/hosts/embedded/broker-entities.ts";
import { systemClock } from "../../../shared/ports/clock.ts";
import { acceptArrival } from "../../../shared/use-cases/accept-arrival.ts";

export const REGISTRY = "bench.azurecr.io";

export function newDigest(): Digest {
  return parseDigest(`sha256:${randomBytes(32).toString("hex")}`);
}

/** Brings the state to where so many pushes have been accepted and not yet scanned. */
export async function fillUp(stateDirectory: string, count: number): Promise<void> {
  const broker = openBroker({ file: brokerFile(stateDirectory), clock: systemClock, entities: brokerEntities });
  const images = sqliteImageStore(imagesFile(stateDirectory));
  const accept = acceptArrival({ images, scanRequests: brokerScanRequests(broker), clock: systemClock });
  const registry = parseRegistryHost(REGISTRY);
  const repository = parseRepository("shop/web");
  for (let done = 0; done < count; done += GROUP) {
    const arrivals = Array.from({ length: Math.min(GROUP, count - done) }, () =>
      accept({ image: { registry, repository, digest: newDigest() }, reason: "pushed", pushedAt: new Date() }),
    );
    await Promise.all(arrivals);
  }
  await images.close();
  await broker.close();
}

/** As many as the stores write in one transaction. */
const GROUP = 500;

/** Waiting images and waiting scan requests, read from the files when nobody has them open. */
export function countStored(stateDirectory: string): { readonly records: number; readonly messages: number } {
  return {
    records: countRows(imagesFile(stateDirectory), "SELECT count(*) AS n FROM images WHERE state = 'waiting'"),
    messages: countRows(
      brokerFile(stateDirectory),
      "SELECT count(*) AS n FROM message JOIN entity ON entity.id = entity_id WHERE path = 'scan-requests'",
    ),
  };
}

function countRows(file: string, sql: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(database.prepare(sql).get()?.["n"]);
  } finally {
    database.close();
  }
}

function imagesFile(stateDirectory: string): string {
  return join(stateDirectory, "state.db");
}

function brokerFile(stateDirectory: string): string {
  return join(stateDirectory, "broker.db");
}
