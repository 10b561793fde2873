import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../support/free-port.ts";
import type { Bench, BenchOptions } from "../bench-result.ts";
import { formatSpread, spreadOf, type Spread } from "../spread.ts";
import { temporaryDirectory } from "../world/temporary-directory.ts";
import { makeKeys } from "../world/make-keys.ts";
import { startTidewatch } from "../world/tidewatch-process.ts";
import { countStored, fillUp, newDigest, REGISTRY } from "./stored-state.ts";
import { senders, type Sender, type SendTarget } from "./senders.ts";

/** How many events a second are taken and stored, with few and with many waiting already. */
export const intakeBench: Bench = async (options) => {
  const measured: Measured[] = [];
  for (const waiting of options.quick ? [1_000, 10_000] : [1_000, 10_000, 100_000])
    measured.push(await measure(waiting, options));
  const lowest = Math.min(...measured.map(({ batches }) => batches.median));
  const names = ["batches", "single", "notifications"] as const;
  return {
    figures: { eventsPerSecond: Math.round(lowest), waiting: measured },
    rows: [
      ["events a second", ...measured.map(({ waiting }) => `${waiting.toLocaleString("en")} waiting`)],
      ...names.map((name) => [senders[name].title, ...measured.map((each) => formatSpread(each[name], "/s"))]),
      ["all found in both databases afterwards", ...measured.map(({ stored }) => stored.toLocaleString("en"))],
      ["peak memory of the host, MB", ...measured.map(({ hostMemoryMb }) => `${hostMemoryMb ?? "–"}`)],
    ],
  };
};

interface Measured {
  /** At the beginning; what is measured comes on top. */
  readonly waiting: number;
  readonly batches: Spread;
  readonly single: Spread;
  readonly notifications: Spread;
  /** Records, and just as many messages, at the end. */
  readonly stored: number;
  readonly hostMemoryMb: number | undefined;
}

async function measure(waiting: number, options: BenchOptions): Promise<Measured> {
  const { quick, trivy, tell, signal } = options;
  await using directory = await temporaryDirectory();
  const stateDirectory = join(directory.path, "state");
  await mkdir(stateDirectory);
  tell(`Storing ${waiting} events beforehand …`);
  await fillUp(stateDirectory, waiting);
  const keys = await makeKeys(join(stateDirectory, "keys.json"));
  const port = await freePort();
  const settings = {
    registries: [{ host: REGISTRY }],
    // Nobody answers there: nothing is scanned here.
    databases: { vulnerability: ["127.0.0.1:9/trivy-db:2"], java: [] },
    stateDirectory,
    listen: { port },
    logLevel: "warn",
  };
  const environment = { "AzureWebJobs.scanImage.Disabled": "true" };
  const ready = "There is no vulnerability database yet; scans wait for it.";
  let sent = 0;
  const rates = { batches: [0], single: [0], notifications: [0] };
  let hostMemoryMb: number | undefined;
  {
    await using tidewatch = await startTidewatch({ settings, trivyPath: trivy.path, environment, ready, signal });
    const target = { url: `http://127.0.0.1:${port}`, key: keys.default, signal };
    for (const name of ["batches", "single", "notifications"] as const) {
      const count = (name === "batches" ? 2_000 : 1_000) * (quick ? 1 : 2);
      const rounds: number[] = [];
      // The first one warms up and does not count.
      for (let round = 0; round < (quick ? 4 : 6); round += 1) {
        rounds.push(await eventsPerSecond(senders[name], count, target));
        sent += count;
      }
      rates[name] = rounds.slice(1);
      tell(`${name}: ${spreadOf(rates[name]).median.toFixed(0)} events a second`);
    }
    hostMemoryMb = await tidewatch.peakMemoryMb();
  }
  const stored = countStored(stateDirectory);
  const expected = waiting + sent;
  if (stored.records !== expected || stored.messages !== expected)
    throw new Error(`Of ${expected} events there are ${stored.records} records and ${stored.messages} messages.`);
  return {
    waiting,
    batches: spreadOf(rates.batches),
    single: spreadOf(rates.single),
    notifications: spreadOf(rates.notifications),
    stored: expected,
    hostMemoryMb,
  };
}

/** The bodies are made before the clock starts. */
async function eventsPerSecond(sender: Sender, count: number, target: SendTarget): Promise<number> {
  const bodies = sender.bodies(Array.from({ length: count }, newDigest));
  const began = performance.now();
  await sender.send(bodies, target);
  return count / ((performance.now() - began) / 1000);
}
