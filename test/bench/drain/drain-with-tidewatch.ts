import type { BenchWorld } from "../world/bench-world.ts";
import { distributionPush } from "../world/pushed-events.ts";
import { waitForSboms } from "../world/stored-sboms.ts";
import { wholeAlerts } from "../world/whole-alert.ts";

export interface DrainRun {
  /** Of its state directory, which must not exist yet. */
  readonly name: string;
  readonly digests: readonly string[];
  readonly slots: number;
  readonly signal: AbortSignal;
}

export interface Drained {
  /** From before the one request that tells of all images until the last part of the last alert. */
  readonly lastAlertMs: number;
  /** The same until the last SBOM is stored. */
  readonly emptyMs: number;
  /** From the start of the process until it listened. */
  readonly startMs: number;
}

/** A Tidewatch with an empty state is told of all images in one request. */
export async function drainWithTidewatch(world: BenchWorld, run: DrainRun): Promise<Drained> {
  const { digests, signal } = run;
  const { webhooks, registry } = world;
  await using tidewatch = await world.tidewatch(run.name, run.slots);
  const before = webhooks.received.length;
  const began = performance.now();
  const response = await fetch(`${tidewatch.url}/api/registry-notifications`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-functions-key": tidewatch.keys.default },
    body: JSON.stringify({ events: digests.map((digest) => distributionPush(registry.host, "shop/web", digest)) }),
    signal,
  });
  if (!response.ok) throw new Error(`Tidewatch answered ${response.status} to the notifications.`);
  while (wholeAlerts(webhooks.received.slice(before)) < digests.length)
    await webhooks.waitFor(webhooks.received.length + 1, LONGEST_WAIT_MS);
  const lastAlertMs = Math.max(...webhooks.received.map(({ receivedAt }) => receivedAt)) - began;
  await waitForSboms(tidewatch.stateDirectory, digests.length, signal);
  return { lastAlertMs, emptyMs: performance.now() - began, startMs: tidewatch.process.startedInMs };
}

const LONGEST_WAIT_MS = 120_000;
