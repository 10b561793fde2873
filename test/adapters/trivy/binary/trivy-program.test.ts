import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { pinnedTrivy } from "../../../../shared/adapters/trivy/binary/trivy-pin.ts";
import { trivyScript, trivyWorld } from "./trivy-world.ts";
import type { TrivyWorld } from "./trivy-world.ts";

describe("npm run trivy", () => {
  it("prints version, path and origin, and nothing but the path when asked for it", async () => {
    const world = await trivyWorld();
    const path = await world.script("bin/trivy", trivyScript(pinnedTrivy.version));

    const [whole, pathOnly] = await Promise.all([run(world, []), run(world, ["--path"])]);

    expect(whole.stdout).toBe(`Trivy ${pinnedTrivy.version}\n  path    ${path}\n  origin  found on PATH`);
    expect(pathOnly.stdout).toBe(path);
  });

  it("looks and gets nothing with --check", async () => {
    const world = await trivyWorld();

    const { exitCode, stderr, stdout } = await run(world, ["--check"]);

    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(`error: Trivy ${pinnedTrivy.version} is not on this machine yet. To get it: npm run trivy`);
  });

  it("says what to do and fails when Trivy cannot be got", async () => {
    const world = await trivyWorld();

    const { exitCode, stderr } = await run(world, [], { TIDEWATCH_OFFLINE: "1" });

    expect(exitCode).toBe(1);
    expect(stderr).toContain("official release: TIDEWATCH_OFFLINE=1 forbids the download");
    expect(stderr).toContain("1. Set TRIVY_PATH");
  });

  it("explains itself, even when TRIVY_PATH is wrong", async () => {
    const world = await trivyWorld();

    const { exitCode, stdout } = await run(world, ["--help"], { TRIVY_PATH: "/nowhere/trivy" });

    expect(exitCode).toBe(0);
    expect(stdout).toContain("Exit status: 0 Trivy is there");
    expect(stdout).toContain("TRIVY_PATH is set, but /nowhere/trivy is not an executable file");
  });

  it("refuses what it does not know", async () => {
    const world = await trivyWorld();

    const { exitCode, stderr } = await run(world, ["--fetch"]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain("Try: npm run trivy -- --help");
  });
});

const program = fileURLToPath(new URL("../../../../shared/hosts/embedded/cli/trivy.ts", import.meta.url));

function run(world: TrivyWorld, args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const env = { ...world.environment, ...settings };
  return execa(process.execPath, [program, ...args], { env, extendEnv: false, reject: false, timeout: 20_000 });
}
