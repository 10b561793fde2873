import { chmod, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { releaseHost } from "./release-host.ts";
import { findOrGetIn, trivyScript, trivyWorld } from "./trivy-world.ts";

describe("finding the pinned Trivy", () => {
  it("takes TRIVY_PATH before a trivy on PATH", async () => {
    const world = await trivyWorld();
    await world.script("bin/trivy", trivyScript("9.9.9"));
    const own = await world.script("own-trivy", trivyScript("9.9.9"));

    const { trivy } = await findOrGetIn(world, { environment: { ...world.environment, TRIVY_PATH: own } });

    expect(trivy).toEqual({ path: own, version: "9.9.9", origin: "TRIVY_PATH" });
  });

  it.each([
    ["another version", trivyScript("9.9.8"), "is Trivy 9.9.8, which is unknown here: only 9.9.9 is run"],
    ["a malicious version", trivyScript("0.69.4"), "is Trivy 0.69.4, which is MALICIOUS (CVE-2026-33634"],
    ["a program that fails", "#!/bin/sh\nexit 3\n", "does not tell its version (exit status 3)"],
    ["a program that babbles", "#!/bin/sh\necho hello\n", "does not tell its version (no JSON with a Version)"],
    ["an endless answer", "#!/bin/sh\nwhile :; do echo aaaaaaaaaaaaaaaaaaaaaaaa; done\n", "does not tell its version"],
  ])("stops at a TRIVY_PATH that is %s, though the right one is on PATH", async (_, script, problem) => {
    const world = await trivyWorld();
    await world.script("bin/trivy", trivyScript("9.9.9"));
    const own = await world.script("own-trivy", script);

    const { trivy, message } = await findOrGetIn(world, { environment: { ...world.environment, TRIVY_PATH: own } });

    expect(trivy).toBeUndefined();
    expect(message).toContain(`TRIVY_PATH is set, but ${own} ${problem}`);
    expect(message).toContain("Set it to the file of a Trivy 9.9.9, or unset it");
  });

  it("stops at a TRIVY_PATH that cannot be run", async () => {
    const world = await trivyWorld();
    const own = await world.script("own-trivy", trivyScript("9.9.9"));
    await chmod(own, 0o644);

    const { message } = await findOrGetIn(world, { environment: { ...world.environment, TRIVY_PATH: own } });

    expect(message).toContain("is not an executable file");
  });

  it.each(["0.69.4", "0.69.5", "0.69.6"])("passes over a malicious %s on PATH loudly and goes on", async (version) => {
    const world = await trivyWorld();
    await world.script("bin/trivy", trivyScript(version));
    const { pin } = await releaseHost(world.pin, world.archive);

    const { trivy, told } = await findOrGetIn(world, { pin });

    expect(trivy?.origin).toBe("release");
    expect(told[0]).toMatch(new RegExp(`^Passed over: .*/bin/trivy is Trivy ${version}, which is MALICIOUS`));
  });

  it("looks further along PATH when the first trivy is another version", async () => {
    const world = await trivyWorld();
    await world.script("bin/trivy", trivyScript("9.9.8"));
    const right = await world.script("trivy", trivyScript("9.9.9"));
    const environment = { ...world.environment, PATH: `${world.bin}:.:${world.directory}` };

    const { trivy, told } = await findOrGetIn(world, { environment });

    expect(trivy).toEqual({ path: right, version: "9.9.9", origin: "PATH" });
    expect(told).toEqual([expect.stringContaining("is Trivy 9.9.8, which is unknown here")]);
  });

  it("asks for the version without our environment", async () => {
    const world = await trivyWorld();
    const seen = join(world.directory, "seen");
    const own = await world.script("own-trivy", `#!/bin/sh\nexport > ${seen}\necho '{"Version":"9.9.9"}'\n`);

    await findOrGetIn(world, { environment: { ...world.environment, TRIVY_PATH: own, AZURE_CLIENT_SECRET: "s3cret" } });

    const environment = await readFile(seen, "utf8");
    expect(environment).toContain("TRIVY_DISABLE_TELEMETRY");
    expect(environment).not.toContain("s3cret");
    expect(environment).not.toContain(world.environment.HOME);
  });

  it("uses the cache before it asks the release host again", async () => {
    const world = await trivyWorld();
    const { pin, ranges } = await releaseHost(world.pin, world.archive);
    const first = await findOrGetIn(world, { pin });

    const second = await findOrGetIn(world, { pin, fullCheck: true });

    expect(second.trivy).toEqual({ path: join(world.cached, "trivy"), version: "9.9.9", origin: "release" });
    expect(second.trivy).toEqual(first.trivy);
    expect(ranges).toHaveLength(1);
  });

  it("replaces a cached Trivy whose content was changed", async () => {
    const world = await trivyWorld();
    const { pin, ranges } = await releaseHost(world.pin, world.archive);
    const path = (await findOrGetIn(world, { pin })).trivy?.path ?? "";
    const original = await readFile(path, "utf8");
    await writeFile(path, original.replace("echo", "ECHO"));

    await findOrGetIn(world, { pin });

    expect(await readFile(path, "utf8")).toBe(original);
    expect(ranges).toHaveLength(2);
  });

  it("keeps a cached Trivy of which only the time was changed", async () => {
    const world = await trivyWorld();
    const { pin, ranges } = await releaseHost(world.pin, world.archive);
    const path = (await findOrGetIn(world, { pin })).trivy?.path ?? "";
    await utimes(path, 1, 1);

    const { trivy } = await findOrGetIn(world, { pin });

    expect(trivy?.path).toBe(path);
    expect(ranges).toHaveLength(1);
  });

  it.each([
    [{ TIDEWATCH_CACHE: "own" }, "own/trivy/9.9.9/trivy"],
    [{ XDG_CACHE_HOME: "xdg" }, "xdg/tidewatch/trivy/9.9.9/trivy"],
  ])("keeps its cache where %j says", async (setting, expected) => {
    const world = await trivyWorld();
    const { pin } = await releaseHost(world.pin, world.archive);
    const moved = Object.fromEntries(Object.entries(setting).map(([name, to]) => [name, join(world.directory, to)]));

    const { trivy } = await findOrGetIn(world, { pin, environment: { ...world.environment, ...moved } });

    expect(trivy?.path).toBe(join(world.directory, expected));
  });
});
