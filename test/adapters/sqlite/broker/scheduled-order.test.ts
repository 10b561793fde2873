import { expect, it } from "vitest";

import { openBroker } from "../../../../shared/adapters/sqlite/broker/open-broker.ts";
import { manualClock } from "../../../support/manual-clock.ts";
import { temporaryFile } from "./temporary-file.ts";

it("puts scheduled messages in the order of their instants, before what is sent after them", async () => {
  const temporary = temporaryFile("messages.db");
  const clock = manualClock();
  const broker = openBroker({ file: temporary.file, clock, entities: { queues: [{ name: "work" }] } });
  const at = (ms: number) => new Date(clock.now().getTime() + ms);
  await broker.send("work", [
    { body: "third", scheduledEnqueueAt: at(3_000) },
    { body: "second", scheduledEnqueueAt: at(2_000) },
    { body: "first" },
  ]);

  await clock.advance(5_000);
  await broker.send("work", [{ body: "fourth" }]);

  const received = await broker.receive("work", 9);
  expect(received.map(({ body }) => body)).toEqual(["first", "second", "third", "fourth"]);
  expect(received[2]?.enqueuedAt).toEqual(at(-2_000));
  await broker.close();
  temporary.remove();
});
