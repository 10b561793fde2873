import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { memoryByPs, processMemoryBytes } from "../../../shared/adapters/trivy/running/process-memory.ts";

const MIB = 1024 * 1024;

/** Holds 100 MiB, in a process of its own and in a child of it. */
const HOLD = "globalThis.held = Buffer.alloc(100 * 1024 * 1024, 1); setInterval(() => 0, 1000);";
const PARENT = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(HOLD)}]); ${HOLD}`;

describe("the memory of a process", () => {
  it.each([
    ["as the platform tells it", processMemoryBytes],
    ["as ps tells it", memoryByPs],
  ])("counts its descendants, %s", async (_, measure) => {
    const child = spawn(process.execPath, ["-e", PARENT], { detached: true, stdio: "ignore" });
    const pid = child.pid ?? 0;
    try {
      // Both take their time to begin.
      await vi.waitFor(async () => expect(await measure(pid)).toBeGreaterThan(200 * MIB), { timeout: 10_000 });

      expect(await measure(pid)).toBeLessThan(500 * MIB);
    } finally {
      process.kill(-pid, "SIGKILL");
    }
  });

  it("is nothing when it has ended", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");

    expect(await processMemoryBytes(child.pid ?? 0)).toBe(0);
    expect(await memoryByPs(child.pid ?? 0)).toBe(0);
  });
});
