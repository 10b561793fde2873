import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { TrivyPin } from "../../../../shared/adapters/trivy/binary/trivy-pin.ts";
import { installFakeGo } from "./fake-go.ts";
import { releaseHost } from "./release-host.ts";
import { trivyWorld } from "./trivy-world.ts";
import type { TrivyWorld } from "./trivy-world.ts";

describe("several processes that need Trivy", () => {
  it("one gets it and the others wait, say so, and use it", async () => {
    const world = await trivyWorld();
    const host = await releaseHost(world.pin, world.archive, ["holdInTheMiddle"]);
    const first = start(world, host.pin);
    await host.held;
    const others = [start(world, host.pin), start(world, host.pin)];
    await Promise.all(others.map((other) => waitFor(other, "another process is getting Trivy 9.9.9, waiting for it")));

    host.release();

    for (const each of [first, ...others]) expect((await each).stdout).toBe(join(world.cached, "trivy"));
    expect(host.ranges).toHaveLength(1);
  });

  it("goes on for a holder that was killed", async () => {
    const world = await trivyWorld();
    const host = await releaseHost(world.pin, world.archive, ["holdInTheMiddle"]);
    const first = start(world, host.pin);
    await host.held;
    const second = start(world, host.pin);
    await waitFor(second, "waiting for it");

    first.kill("SIGKILL");

    expect((await second).stdout).toBe(join(world.cached, "trivy"));
    expect(host.ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]/)]);
  });

  it("ends its go when it is interrupted, and the next one starts", async () => {
    const world = await trivyWorld();
    await installFakeGo(world, {
      onBuild: "[ -e ../once ] || { : > ../once; exec sleep 60; }",
    });
    const first = start(world, world.pin);
    await vi.waitFor(() => access(join(world.directory, "once")), 15_000);

    first.kill("SIGTERM");

    expect(await first).toMatchObject({ exitCode: 130, timedOut: false });
    expect((await start(world, world.pin)).stdout).toBe(join(world.cached, "trivy"));
  });
});

const program = fileURLToPath(new URL("find-or-get-in-own-process.ts", import.meta.url));

function start(world: TrivyWorld, pin: TrivyPin) {
  const running = execa(process.execPath, [program, JSON.stringify(pin)], {
    env: world.environment,
    extendEnv: false,
    reject: false,
    timeout: 20_000,
  });
  onTestFinished(() => void running.kill("SIGKILL"));
  return running;
}

async function waitFor({ stderr }: ReturnType<typeof start>, text: string): Promise<void> {
  const found = Promise.withResolvers<undefined>();
  let seen = "";
  stderr.on("data", (chunk: unknown) => {
    seen += String(chunk);
    if (seen.includes(text)) found.resolve(undefined);
  });
  stderr.on("close", () => found.reject(new Error(`ended without ${text}: ${seen}`)));
  await found.promise;
}
