import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { Secret } from "../../../shared/domain/secret.ts";
import { isRunning, programLab } from "./program-lab.ts";

const MIB = 1024 * 1024;
const WAIT = { timeout: 5000 };

describe("a program that is run", () => {
  it("is stopped when its time is up", async () => {
    await using lab = await programLab();

    const end = await lab.run("never-ends", { timeoutSeconds: 1 });

    expect(end).toMatchObject({ kind: "stopped", reason: "timeout" });
  });

  it("is killed with all its descendants when it does not end on SIGTERM", async () => {
    await using lab = await programLab();
    const called = new AbortController();
    const end = lab.run("ignores-sigterm", { signal: called.signal });
    const roles = ["parent", "descendant"].map((role) => join(lab.directory, role));
    const pids = await vi.waitFor(() => roles.map((file) => Number(readFileSync(file, "utf8"))), WAIT);

    called.abort();

    expect(await end).toMatchObject({ kind: "stopped", reason: "aborted" });
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), WAIT);
  });

  it("is stopped when it is called off", async () => {
    await using lab = await programLab();

    const end = await lab.run("never-ends", { signal: AbortSignal.timeout(300) });

    expect(end).toMatchObject({ kind: "stopped", reason: "aborted" });
  });

  it("is not begun when it was called off before", async () => {
    await using lab = await programLab();

    const end = await lab.run("fills-disk", { signal: AbortSignal.abort() });

    expect(end).toMatchObject({ kind: "stopped", reason: "aborted" });
    expect(existsSync(join(lab.directory, "below"))).toBe(false);
  });

  it("is stopped when it holds more memory than it may", async () => {
    await using lab = await programLab();

    const end = await lab.run("eats-memory", {}, { memoryLimitBytes: 300 * MIB });

    expect(end).toMatchObject({ kind: "stopped", reason: "out-of-memory" });
  });

  it("is stopped when it writes more than it may", async () => {
    await using lab = await programLab();

    const end = await lab.run("fills-disk", {}, { scratchLimitBytes: 10 * MIB });

    expect(end).toMatchObject({ kind: "stopped", reason: "no-space" });
  });

  it("is stopped when the disk has less left than its reserve", async () => {
    await using lab = await programLab();

    const end = await lab.run("never-ends", {}, { diskReserveBytes: 2 ** 60 });

    expect(end).toMatchObject({ kind: "stopped", reason: "no-space" });
  });

  it("is stopped when it prints without end", async () => {
    await using lab = await programLab();

    const end = await lab.run("prints-without-end");

    expect(end).toMatchObject({ kind: "stopped", reason: "endless-output" });
  });

  it("gets a secret, which is taken out of what it prints", async () => {
    await using lab = await programLab();

    const end = await lab.run("prints-secret", { secrets: { TRIVY_PASSWORD: new Secret("opensesame") } });

    expect(end).toEqual({ kind: "failed", exitCode: 3, stderr: "The password is [secret]." });
  });

  it("sees of our environment only proxies and certificates", async () => {
    const environment = {
      HTTPS_PROXY: "http://proxy:3128",
      SSL_CERT_FILE: "/ca.pem",
      WEBHOOK_SECRET: "x",
      PATH: "/bin",
    };
    await using lab = await programLab({ environment });

    const end = await lab.run("looks-around");

    const seen: unknown = JSON.parse(end.kind === "done" ? end.stdout : "{}");
    expect(seen).toHaveProperty("workingDirectory", lab.directory);
    expect(seen).toHaveProperty("environment", {
      HTTPS_PROXY: "http://proxy:3128",
      SSL_CERT_FILE: "/ca.pem",
      HOME: lab.directory,
      TMPDIR: lab.directory,
      GOGC: "400",
      GOMEMLIMIT: "1717986918B",
      AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
    });
  });

  it("comes behind all others when its priority is low", async () => {
    await using lab = await programLab();

    const end = await lab.run("looks-around", { lowPriority: true });

    expect(JSON.parse(end.kind === "done" ? end.stdout : "{}")).toMatchObject({ priority: 19 });
  });

  it("is stopped when its directory can no longer be looked at", async () => {
    await using lab = await programLab();
    setTimeout(() => rmSync(lab.directory, { recursive: true }), 300);

    const end = await lab.run("never-ends");

    expect(end).toMatchObject({ kind: "stopped", reason: "no-space" });
  });

  it("tells why it could not be begun", async () => {
    await using lab = await programLab({
      launch: (command) => ({ ...command, file: join("/", "nowhere", "program") }),
    });

    const end = await lab.run("never-ends");

    expect(end).toHaveProperty("stderr", expect.stringContaining("ENOENT"));
  });
});
