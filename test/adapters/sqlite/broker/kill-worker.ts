import { writeSync } from "node:fs";
import { argv } from "node:process";

import { openBroker } from "../../../../shared/adapters/sqlite/broker/open-broker.ts";
import { systemClock } from "../../../../shared/ports/clock.ts";

/**
 * Run by kill.test.ts as `kill-worker.ts FILE PREFIX`: sends, receives and completes until it is killed, and says on
 * standard output, one line each, what it is about to do and what was promised to it. The lines are written at once,
 * so those before the kill arrive.
 */
const [, , file = "", prefix = ""] = argv;
const broker = openBroker({
  file,
  clock: systemClock,
  entities: { queues: [{ name: "work", lockDurationMs: 300_000, maxDeliveryCount: 1_000 }] },
});
const say = (what: string, id: string) => writeSync(1, `${what} ${id}\n`);

async function sendForEver(sender: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const id = `${prefix}-${sender}-${n}`;
    say("sending", id);
    await broker.send("work", [{ messageId: id, body: id }]);
    say("sent", id);
  }
}

async function receiveForEver(): Promise<never> {
  for (let n = 0; ; n += 1) {
    for (const message of await broker.receive("work", 3, { waitMs: 1_000 })) {
      say("received", message.messageId);
      if (n % 3 === 0) continue;
      say("completing", message.messageId);
      await broker.complete(message);
      say("completed", message.messageId);
    }
  }
}

await Promise.all([sendForEver(0), sendForEver(1), receiveForEver(), receiveForEver()]);
