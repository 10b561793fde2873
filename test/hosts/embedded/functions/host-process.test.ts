import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { temporaryDirectory } from "./start-host.ts";

const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);

const startedSchema = z.object({ url: z.string(), code: z.string(), names: z.array(z.string()) });

/** A host in a process of its own, with the flags that `npm start` uses to keep memory small. */
async function startProcess(functionsModule: string) {
  const child = spawn(
    process.execPath,
    [
      "--optimize-for-size",
      "--max-semi-space-size=2",
      "--max-old-space-size=256",
      fixture("run-host.ts"),
      functionsModule,
      await temporaryDirectory(),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const readLine = async (): Promise<unknown> => {
    const line = await lines.next();
    return JSON.parse(line.done === true ? "null" : line.value);
  };
  const { url, code, names } = startedSchema.parse(await readLine());
  return {
    names,
    deliver: (events: readonly object[]) =>
      fetch(`${url}/runtime/webhooks/eventgrid?functionName=receiveEvent&code=${code}`, {
        method: "POST",
        headers: { "content-type": "application/json", "aeg-event-type": "Notification" },
        body: JSON.stringify(events),
      }),
    memoryMb: async () => {
      child.stdin.write("\n");
      return z.object({ rss: z.number() }).parse(await readLine()).rss / 1_000_000;
    },
    terminate: async () => {
      child.kill("SIGTERM");
      const ended: unknown[] = await once(child, "exit");
      return ended;
    },
  };
}

const events = Array.from({ length: 5000 }, (_, index) => ({ id: String(index), subject: "repository:tag" }));

describe("a host process", () => {
  it("runs functions from TypeScript source, and ends at SIGTERM", async () => {
    const { names, deliver, terminate } = await startProcess(fixture("quiet-functions.ts"));

    const { status } = await deliver(events.slice(0, 1));

    expect([names, status, await terminate()]).toEqual([["receiveEvent"], 202, [0, null]]);
  });

  it("runs functions from the bundle that is deployed to Azure", async () => {
    const bundle = join(await temporaryDirectory(), "index.mjs");
    await build({
      entryPoints: [fixture("quiet-functions.ts")],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node22",
      external: ["@azure/functions-core"],
      banner: {
        js: 'import { createRequire as createRequire_ } from "node:module"; const require = createRequire_(import.meta.url);',
      },
    });
    const { names, deliver } = await startProcess(bundle);

    const { status } = await deliver(events.slice(0, 1));

    expect([names, status]).toEqual([["receiveEvent"], 202]);
  });

  it("takes 2,000 events a second and more, and stays below 150 MB", async () => {
    const { deliver, memoryMb } = await startProcess(fixture("quiet-functions.ts"));
    await deliver(events);

    const startedAt = performance.now();
    const statuses = [await deliver(events), await deliver(events), await deliver(events)].map(({ status }) => status);
    const perSecond = (3 * events.length * 1000) / (performance.now() - startedAt);

    expect(statuses).toEqual([202, 202, 202]);
    expect(perSecond).toBeGreaterThan(2000);
    expect(await memoryMb()).toBeLessThan(150);
  });
});
