import { expect, it } from "vitest";

import { brokerOn } from "../../../../shared/adapters/sqlite/broker/broker-on.ts";
import { deadLetterPath, subscriptionPath } from "../../../../shared/adapters/sqlite/broker/entities.ts";
import { MIGRATIONS } from "../../../../shared/adapters/sqlite/broker/schema.ts";
import { openDatabase, type Database } from "../../../../shared/adapters/sqlite/open-database.ts";
import { manualClock } from "../../../support/manual-clock.ts";
import { temporaryFile } from "./temporary-file.ts";

it("answers every question of the broker from an index, so the number of waiting messages costs nothing", async () => {
  const temporary = temporaryFile("messages.db");
  const database = openDatabase({ file: temporary.file, migrations: MIGRATIONS });
  const asked = new Set<string>();

  await useEverything(recording(database, asked));

  const plan = (sql: string) => database.all(`EXPLAIN QUERY PLAN ${sql}`, ...blanksOf(sql)).map((row) => row["detail"]);
  const scans = [...asked].filter((sql) => plan(sql).some((step) => /^SCAN (?!CONSTANT)/.test(String(step))));
  // The control: a question without an index is seen as one.
  expect(plan("SELECT * FROM message WHERE lock_token = 'x'")).toEqual(["SCAN message"]);
  expect(asked.size).toBeGreaterThan(25);
  expect(scans).toEqual([RELEASE_AT_OPENING]);
  database.close();
  temporary.remove();
});

/** Once per process, over the few messages that were locked. */
const RELEASE_AT_OPENING = "UPDATE message SET locked_until = NULL, lock_token = NULL WHERE locked_until IS NOT NULL";

function recording(database: Database, asked: Set<string>): Database {
  const note = (sql: string) => asked.add(sql);
  return {
    ...database,
    run: (sql, ...values) => (note(sql), database.run(sql, ...values)),
    get: (sql, ...values) => (note(sql), database.get(sql, ...values)),
    all: (sql, ...values) => (note(sql), database.all(sql, ...values)),
    close: () => undefined,
  };
}

async function useEverything(database: Database): Promise<void> {
  const clock = manualClock();
  const queue = { duplicateDetectionWindowMs: 20_000, defaultTimeToLiveMs: 1_000, maxDeliveryCount: 2 };
  const broker = brokerOn(database, clock, {
    queues: [
      { ...queue, name: "dropping" },
      { ...queue, name: "keeping", deadLetterOnExpiration: true },
    ],
    topics: [{ name: "topic", subscriptions: [{ name: "all" }] }],
  });
  for (const path of ["dropping", "keeping"]) {
    const [number = 0] = await broker.schedule(path, [{ body: "" }], new Date(clock.now().getTime() + 500));
    await broker.cancelScheduled(path, number);
    await broker.send(path, [{ body: "1" }, { body: "2" }, { body: "3" }, { body: "4" }]);
    const [first, second, third] = await broker.receive(path, 3);
    if (first) await broker.renewLock(first);
    if (first) await broker.complete(first);
    if (second) await broker.abandon(second, { again: true });
    if (third) await broker.deadLetter(third);
    await clock.advance(2_000);
    await broker.peek(path);
    await broker.receive(path, 1);
    await broker.receive(deadLetterPath(path), 1);
    await broker.counts(path);
  }
  await broker.send("topic", [{ body: "" }]);
  await broker.counts("topic");
  await broker.counts(subscriptionPath("topic", "all"));
  await broker.close();
}

/** As many values as the statement takes. */
function blanksOf(sql: string): readonly null[] {
  const numbered = sql.match(/\?(\d+)/g)?.map((name) => Number(name.slice(1)));
  const count = numbered ? Math.max(...numbered) : (sql.match(/\?/g)?.length ?? 0);
  return Array.from({ length: count }, () => null);
}
