import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installedTrivy } from "../../../shared/adapters/trivy/binary/installed-trivy.ts";
import { pinnedTrivy as pin } from "../../../shared/adapters/trivy/binary/trivy-pin.ts";
import { openCurrentDatabase } from "../../../shared/adapters/trivy/database/current-database.ts";
import { KeyFileError, openKeyFile } from "../../../shared/hosts/embedded/functions/key-store.ts";
import { fileScheduleStore } from "../../../shared/hosts/embedded/functions/schedule-store.ts";
import { silentLog } from "../../../shared/ports/log.ts";
import { aDigest } from "../../support/samples.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

const hash = "0".repeat(64);

export const target: FuzzTarget = {
  about: "files of the state directory: key hashes, schedules of timers, what of Trivy is in place",
  format: "json",
  open: async () => {
    const directory = await mkdtemp(join(tmpdir(), "tidewatch-fuzz-"));
    const schedules = fileScheduleStore(directory);
    const trivyDirectory = join(directory, pin.version);
    await mkdir(trivyDirectory);
    await writeFile(join(trivyDirectory, "trivy"), "x");
    return {
      corpus: [
        { master: hash, default: hash, eventgrid_extension: hash },
        { last: "2026-11-21T08:00:00.000Z", next: "2026-11-21T08:05:00.000Z", lastUpdated: "2026-11-21T08:00:00.000Z" },
        { vulnerability: { digest: aDigest() }, java: { digest: aDigest("java") } },
        {
          version: pin.version,
          platform: `${process.platform}-${process.arch}`,
          origin: "release",
          sha256: hash,
          size: 1,
          modifiedMs: 0,
        },
      ].map((file) => JSON.stringify(file)),
      run: async (input) => {
        for (const file of ["timer.json", "current.json", `${pin.version}/trivy.json`])
          await writeFile(join(directory, file), input);
        const { last, next } = (await schedules.read("timer")) ?? {};
        for (const date of [last, next]) date?.toISOString();
        const databases = await openCurrentDatabase(directory, silentLog);
        if (databases.version() !== undefined) throw new Error("There is no such database.");
        const trivy = await installedTrivy({ cacheDirectory: directory, pin, fullCheck: true });
        if (trivy !== undefined) throw new Error("There is no such Trivy.");
        await writeFile(join(directory, "keys.json"), input);
        return endingOf(
          () => openKeyFile({ file: join(directory, "keys.json"), show: () => undefined }),
          [KeyFileError],
        );
      },
      close: () => rm(directory, { recursive: true, force: true }),
    };
  },
};
