import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { expect, it } from "vitest";

import { openBroker } from "../../../../shared/adapters/sqlite/broker/open-broker.ts";
import { systemClock } from "../../../../shared/ports/clock.ts";
import { killLedger, type FoundMessage, type Ledger } from "./kill-ledger.ts";
import { temporaryFile } from "./temporary-file.ts";

const ROUNDS = 4;

it("loses nothing, brings nothing back and counts each delivery when the process is killed at any moment", async () => {
  const temporary = temporaryFile("messages.db");
  let kills = 0;
  const ledger = killLedger(() => kills);

  for (let round = 0; round < ROUNDS; round += 1) {
    await runUntilKilled(temporary.file, `r${round}`, ledger);
    kills += 1;

    expect(ledger.brokenPromises(await allMessages(temporary.file))).toEqual([]);
  }

  expect(ledger.totals().completed).toBeGreaterThan(ROUNDS);
  expect(ledger.totals().sent).toBeGreaterThan(ledger.totals().completed);
  temporary.remove();
}, 60_000);

it("control: the ledger sees a lost message, one that came back, and a wrong count", () => {
  const ledger = killLedger(() => 1);
  const said = ["sending a", "sent a", "sending b", "sent b", "received b", "completing b", "completed b", "sending c"];
  for (const line of [...said, "sent c", "received c", "received c"]) ledger.add(line);

  const found = [
    { messageId: "b", deliveryCount: 1 },
    { messageId: "c", deliveryCount: 1 },
    { messageId: "d", deliveryCount: 0 },
  ];

  expect(ledger.brokenPromises(found)).toEqual([
    "a was accepted and is lost",
    "b was completed and came back",
    "d was never sent",
    "c was delivered 2 times and counts 1",
  ]);
});

/** Kills at a random moment of the work: the first line shows that the process has come that far. */
async function runUntilKilled(file: string, prefix: string, ledger: Ledger): Promise<void> {
  const worker = fileURLToPath(new URL("./kill-worker.ts", import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", worker, file, prefix], { stdio: ["ignore", "pipe", "pipe"] });
  const giveUp = setTimeout(() => child.kill("SIGKILL"), 10_000);
  let output = "";
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), 20 + Math.random() * 200));
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));

  await once(child, "close");

  clearTimeout(giveUp);
  expect(errors).toBe("");
  expect(child.signalCode).toBe("SIGKILL");
  const lastWholeLine = output.lastIndexOf("\n");
  for (const line of output.slice(0, lastWholeLine).split("\n")) ledger.add(line);
}

async function allMessages(file: string): Promise<readonly FoundMessage[]> {
  const broker = openBroker({
    file,
    clock: systemClock,
    entities: { queues: [{ name: "work", maxDeliveryCount: 1_000 }] },
  });
  try {
    return await broker.peek("work", { maxMessages: 1_000_000 });
  } finally {
    await broker.close();
  }
}
