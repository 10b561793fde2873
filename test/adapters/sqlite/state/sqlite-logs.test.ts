import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

import { commitTogether } from "../../../../shared/adapters/sqlite/commit-together.ts";
import { openDatabase } from "../../../../shared/adapters/sqlite/open-database.ts";
import { sqliteDeliveryLog } from "../../../../shared/adapters/sqlite/state/sqlite-delivery-log.ts";
import { stateTables } from "../../../../shared/adapters/sqlite/state/state-tables.ts";
import { alertLogContract } from "../../../contract/alert-log.contract.ts";
import { anAttempt, deliveryLogContract } from "../../../contract/delivery-log.contract.ts";
import { openState } from "./open-state.ts";

describe("the log of alerts", () => {
  alertLogContract(async () => (await openState()).alertLog);
});

describe("the log of deliveries", () => {
  deliveryLogContract(async () => (await openState()).deliveryLog);

  it("keeps no more than its maximum, the newest", async () => {
    const directory = await mkdtemp(join(tmpdir(), "tidewatch-deliveries-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const database = openDatabase({ file: join(directory, "state.db"), migrations: [stateTables] });
    onTestFinished(database.close);
    const log = sqliteDeliveryLog(database, commitTogether(database), 3);

    for (let minute = 0; minute < 7; minute += 1) await log.add(anAttempt(minute));

    const { items } = await log.list({ subscriber: "ops" }, { limit: 10 });
    expect(items.map(({ at }) => at.getMinutes())).toEqual([6, 5, 4]);
  });
});
