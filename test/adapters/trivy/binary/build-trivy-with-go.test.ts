import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installFakeGo } from "./fake-go.ts";
import { releaseHost } from "./release-host.ts";
import { findOrGetIn, trivyWorld } from "./trivy-world.ts";

describe("building Trivy from pinned Go modules", () => {
  it("builds when the release host is out of reach, and shows how far it is", async () => {
    const world = await trivyWorld();
    await installFakeGo(world);

    const { trivy, told } = await findOrGetIn(world);

    expect(trivy).toEqual({ path: join(world.cached, "trivy"), version: "9.9.9", origin: "goBuild" });
    expect(told).toEqual([
      expect.stringMatching(/^No Trivy from the official release: 127.0.0.1:9 is out of reach \(.+\)\. Going on with/),
      "fetching the Go modules of Trivy 9.9.9 0/2",
      "fetching the Go modules of Trivy 9.9.9 1/2",
      "building Trivy 9.9.9 0/3",
      "building Trivy 9.9.9 1/3",
      "building Trivy 9.9.9 2/3",
      "linking Trivy 9.9.9",
    ]);
    await expect(access(join(world.cached, "work"))).rejects.toThrow();
  });

  it("builds as the module files say, with no toolchain or secret of anyone else", async () => {
    const world = await trivyWorld();
    const go = await installFakeGo(world);
    const mine = {
      GOPROXY: "https://proxy.example",
      GOFLAGS: "-mod=mod",
      GOOS: "plan9",
      AZURE_CLIENT_SECRET: "s3cret",
    };

    await findOrGetIn(world, { environment: { ...world.environment, ...mine } });

    const build = (await go.log()).split("\n").find((line) => line.startsWith("build"));
    expect(build).toContain("-trimpath -ldflags -s -w -X github.com/aquasecurity/trivy/pkg/version/app.ver=9.9.9 -o");
    expect(build).toContain(`[${world.pin.goModule}]`);
    for (const setting of [
      "CGO_ENABLED=0",
      "GOEXPERIMENT=jsonv2",
      "GOFLAGS=-mod=readonly",
      "GOTOOLCHAIN=local",
      "GOWORK=off",
      "GOPROXY=https://proxy.example",
      `GOCACHE=${world.cached}/work/go-build`,
    ]) {
      expect(build).toContain(` ${setting} `);
    }
    expect(build).not.toMatch(/plan9|s3cret/);
  });

  it("asks neither release host nor module proxy when TIDEWATCH_OFFLINE is 1", async () => {
    const world = await trivyWorld();
    const go = await installFakeGo(world);
    const { pin, ranges } = await releaseHost(world.pin, world.archive);

    const { trivy } = await findOrGetIn(world, { pin, environment: { ...world.environment, TIDEWATCH_OFFLINE: "1" } });

    expect(trivy?.origin).toBe("goBuild");
    expect(ranges).toEqual([]);
    expect(await go.log()).toContain(" GOPROXY=off ");
  });

  it("tells three ways on when there is no Go either", async () => {
    const world = await trivyWorld();
    await installFakeGo(world);

    const { message } = await findOrGetIn(world, { environment: { ...world.environment, PATH: "" } });

    expect(message).toContain("official release: 127.0.0.1:9 is out of reach");
    expect(message).toContain("build from source: there is no go on PATH (Go 1.26.3 or later is needed)");
    expect(message).toMatch(/1\. Set TRIVY_PATH .*\n {2}2\. Let this machine reach .*\n {2}3\. Install Go /);
  });

  it.each(["go1.26.2", "go1.9", "devel"])("does not build with %s where 1.26.3 is needed", async (version) => {
    const world = await trivyWorld();
    await installFakeGo(world, { version });

    const { message } = await findOrGetIn(world);

    expect(message).toContain(`is ${version}, and Go 1.26.3 or later is needed`);
  });

  it.each(["go1.26.3", "go1.27rc1", "go2.0"])("builds with %s", async (version) => {
    const world = await trivyWorld();
    await installFakeGo(world, { version });

    const { trivy } = await findOrGetIn(world);

    expect(trivy?.origin).toBe("goBuild");
  });

  it("shows the last lines of a build that failed", async () => {
    const world = await trivyWorld();
    await installFakeGo(world, { onBuild: "echo 'pkg/x.go:1:2: undefined: y' >&2; exit 1" });

    const { message } = await findOrGetIn(world);

    expect(message).toContain("build from source: go build failed:\n      pkg/x.go:1:2: undefined: y");
  });

  it("does not keep a build that tells another version", async () => {
    const world = await trivyWorld();
    await installFakeGo(world, { trivyVersion: "dev" });

    const { message } = await findOrGetIn(world);

    expect(message).toContain("what came is Trivy dev, which is unknown here");
    await expect(access(join(world.cached, "trivy"))).rejects.toThrow();
  });

  it("counts on from the packages that an interrupted build compiled", async () => {
    const world = await trivyWorld();
    await installFakeGo(world, { onBuild: "[ -e ../once ] || { : > ../once; echo example.com/alpha >&2; exit 1; }" });
    await findOrGetIn(world);

    const { told } = await findOrGetIn(world);

    expect(told).toContain("building Trivy 9.9.9 1/3");
    expect(told).not.toContain("building Trivy 9.9.9 0/3");
  });

  it("does not begin without the disk space to end, and counts modules that are there already", async () => {
    const world = await trivyWorld();
    await installFakeGo(world);
    const modules = join(world.directory, "modules/cache/download/example.com/!alpha/@v");
    await mkdir(modules, { recursive: true });
    await writeFile(join(modules, "v1.0.0.zip"), "");

    const { message } = await findOrGetIn(world, { freeBytes: async () => 4_000_000_000 });

    expect(message).toContain("to build Trivy 9.9.9: 4,650 MB needed, 4,000 MB free, 650 MB missing");
    expect(message).toContain("moved by GOMODCACHE");
    expect(message).toContain("moved by TIDEWATCH_CACHE");
  });
});
