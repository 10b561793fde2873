import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDatabaseDate, UnusableDatabaseError } from "../../../shared/adapters/trivy/database/database-files.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "metadata.json of a downloaded vulnerability database",
  format: "json",
  open: async () => {
    const directory = await mkdtemp(join(tmpdir(), "tidewatch-fuzz-"));
    await mkdir(join(directory, "db"));
    await writeFile(join(directory, "db", "trivy.db"), "not empty");
    return {
      corpus: [
        metadata({ UpdatedAt: "2026-11-21T06:36:45.104917517Z", NextUpdate: "2026-11-22T06:36:45.104917247Z" }),
        metadata({ UpdatedAt: "2026-11-01T00:00:00Z", DownloadedAt: "2026-11-21T08:00:00.123456789+01:00" }),
      ],
      run: async (input) => {
        await writeFile(join(directory, "db", "metadata.json"), input);
        return endingOf(async () => {
          const date = await readDatabaseDate("vulnerability", directory);
          if (Number.isNaN(date.getTime())) throw new Error("The database has no date.");
          date.toISOString();
        }, [UnusableDatabaseError]);
      },
      close: () => rm(directory, { recursive: true, force: true }),
    };
  },
};

const metadata = (dates: object) => JSON.stringify({ Version: 2, ...dates });
