import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { onTestFinished } from "vitest";
import { findOrGetTrivy } from "../../../../shared/adapters/trivy/binary/find-or-get-trivy.ts";
import type { GetTrivyOptions } from "../../../../shared/adapters/trivy/binary/find-or-get-trivy.ts";
import type { Progress } from "../../../../shared/adapters/trivy/binary/progress.ts";
import { thisPlatform } from "../../../../shared/adapters/trivy/binary/trivy-pin.ts";
import type { TrivyPin } from "../../../../shared/adapters/trivy/binary/trivy-pin.ts";

/** A machine of its own: an empty home, a PATH with nothing on it, and a pinned Trivy 9.9.9 that exists nowhere yet. */
export async function trivyWorld({ releasedVersion = "9.9.9" } = {}) {
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-trivy-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [bin, home, goModule] = ["bin", "home", "module"].map((name) => join(directory, name));
  for (const each of [bin, home, goModule]) await mkdir(each ?? directory);
  const archive = await trivyArchive(trivyScript(releasedVersion));
  const file = "trivy_9.9.9_test.tar.gz";
  const pin: TrivyPin = {
    version: "9.9.9",
    releaseUrl: "http://127.0.0.1:9/download/v9.9.9",
    archives: { [thisPlatform()]: { file, sha256: createHash("sha256").update(archive).digest("hex") } },
    goModule: goModule ?? "",
  };
  return {
    directory,
    bin: bin ?? "",
    archive,
    pin,
    environment: { PATH: bin ?? "", HOME: home ?? "" },
    cached: join(home ?? "", ".cache", "tidewatch", "trivy", "9.9.9"),
    script: async (path: string, text: string): Promise<string> => {
      const target = join(directory, path);
      await writeFile(target, text, { mode: 0o755 });
      return target;
    },
  };
}

export type TrivyWorld = Awaited<ReturnType<typeof trivyWorld>>;

/** Calls findOrGetTrivy in the world; `told` collects what a person would see. */
export async function findOrGetIn(world: TrivyWorld, changes: Partial<GetTrivyOptions> = {}) {
  const told: string[] = [];
  const progress: Progress = {
    note: (line) => void told.push(line),
    update: ({ activity, count }) => void told.push(count ? `${activity} ${count.done}/${count.total}` : activity),
    clear: () => undefined,
  };
  const signal = AbortSignal.timeout(20_000);
  const options = { environment: world.environment, pin: world.pin, progress, signal, ...changes };
  return findOrGetTrivy(options).then(
    (trivy) => ({ trivy, told, message: "" }),
    (error: unknown) => ({ trivy: undefined, told, message: error instanceof Error ? error.message : String(error) }),
  );
}

export const trivyScript = (version: string): string => `#!/bin/sh
[ "$*" = "--cache-dir $HOME version --format json" ] && echo '{"Version":"${version}"}'
`;

/** Half a megabyte, so that there is something to break off. */
export async function trivyArchive(script: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: "LICENSE" }, randomBytes(500_000));
  archive.entry({ name: "trivy", mode: 0o755 }, script);
  archive.finalize();
  return buffer(archive.pipe(createGzip()));
}
