import { access, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installFakeGo } from "./fake-go.ts";
import { releaseHost } from "./release-host.ts";
import { findOrGetIn, trivyArchive, trivyWorld } from "./trivy-world.ts";

describe("getting Trivy from the official release", () => {
  it("downloads, verifies, and leaves nothing but the binary, its record and the lock", async () => {
    const world = await trivyWorld();
    const { pin } = await releaseHost(world.pin, world.archive);

    const { trivy, told } = await findOrGetIn(world, { pin });

    expect(trivy).toEqual({ path: join(world.cached, "trivy"), version: "9.9.9", origin: "release" });
    expect((await readdir(world.cached)).sort()).toEqual(["lock", "trivy", "trivy.json"]);
    expect(told.at(-1)).toBe(`downloading Trivy 9.9.9 ${world.archive.length}/${world.archive.length}`);
  });

  it("goes on where the connection broke", async () => {
    const world = await trivyWorld();
    const { pin, ranges } = await releaseHost(world.pin, world.archive, ["breakInTheMiddle"]);

    const { trivy } = await findOrGetIn(world, { pin });

    expect(trivy?.origin).toBe("release");
    expect(ranges).toEqual([undefined, `bytes=${Math.floor(world.archive.length / 2)}-`]);
  });

  it("goes on with what a killed process left", async () => {
    const world = await trivyWorld();
    const { pin, ranges } = await releaseHost(world.pin, world.archive);
    await leavePart(world.cached, world.archive.subarray(0, 1_000));

    const { trivy } = await findOrGetIn(world, { pin });

    expect(trivy?.origin).toBe("release");
    expect(ranges).toEqual(["bytes=1000-"]);
  });

  it("asks nobody when the archive had arrived before the kill", async () => {
    const world = await trivyWorld();
    await leavePart(world.cached, world.archive);

    const { trivy } = await findOrGetIn(world);

    expect(trivy?.origin).toBe("release");
  });

  it.each([
    ["a part of something else", Buffer.alloc(1_000), ["bytes=1000-", undefined]],
    ["more than there is", Buffer.alloc(600_000), ["bytes=600000-", undefined]],
  ])("begins anew when what was left is %s", async (_, left, expected) => {
    const world = await trivyWorld();
    const { pin, ranges } = await releaseHost(world.pin, world.archive);
    await leavePart(world.cached, left);

    const { trivy } = await findOrGetIn(world, { pin });

    expect(trivy?.origin).toBe("release");
    expect(ranges).toEqual(expected);
  });

  it("throws away another file than the pinned one, loudly, and never runs it", async () => {
    const world = await trivyWorld();
    const ran = join(world.directory, "ran");
    const other = await trivyArchive(`#!/bin/sh\n: > ${ran}\n`);
    const { pin, ranges } = await releaseHost(world.pin, other);

    const { trivy, told, message } = await findOrGetIn(world, { pin });

    expect(trivy).toBeUndefined();
    expect(told).toContainEqual(expect.stringMatching(/^WARNING: .*NOT the pinned file and was thrown away/));
    expect(message).toContain("has the wrong SHA-256");
    expect(await readdir(join(world.cached, "work"))).toEqual([]);
    expect(ranges).toHaveLength(1);
    await expect(access(ran)).rejects.toThrow();
  });

  it("refuses an archive with the pinned digest whose trivy is another version", async () => {
    const world = await trivyWorld({ releasedVersion: "9.9.8" });
    const { pin } = await releaseHost(world.pin, world.archive);

    const { message } = await findOrGetIn(world, { pin });

    expect(message).toContain("what came is Trivy 9.9.8, which is unknown here");
  });

  it.each([404, 503])("falls back to Go when the host answers HTTP %d", async (status) => {
    const world = await trivyWorld();
    await installFakeGo(world);
    const { pin } = await releaseHost(world.pin, world.archive, [status]);

    const { trivy, told } = await findOrGetIn(world, { pin });

    expect(trivy?.origin).toBe("goBuild");
    expect(told[0]).toMatch(new RegExp(`^No Trivy from the official release: 127.0.0.1:\\d+ answers HTTP ${status}`));
  });

  it("says how much disk space is missing and which setting helps", async () => {
    const world = await trivyWorld();
    const { pin, ranges } = await releaseHost(world.pin, world.archive);

    const { message } = await findOrGetIn(world, { pin, freeBytes: async () => 100_000_000 });

    expect(message).toContain("to download Trivy 9.9.9: 300 MB needed, 100 MB free, 200 MB missing");
    expect(message).toContain("moved by TIDEWATCH_CACHE");
    expect(ranges).toEqual([]);
  });
});

async function leavePart(cached: string, content: Buffer): Promise<void> {
  await mkdir(join(cached, "work"), { recursive: true });
  await writeFile(join(cached, "work", "trivy_9.9.9_test.tar.gz"), content);
}
