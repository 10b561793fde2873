import { rm } from "node:fs/promises";
import { join } from "node:path";
import { download } from "./download.ts";
import { requireSpace } from "./free-space.ts";
import { thisPlatform } from "./trivy-pin.ts";
import type { TrivySource } from "./trivy-source.ts";
import { unpackTrivy } from "./unpack-trivy.ts";

/** The `trivy` out of the official archive of this platform, once the archive's SHA-256 is the pinned one. */
export const releasedTrivy: TrivySource = async (options) => {
  const { pin, progress, signal, workDirectory } = options;
  if (options.environment["TIDEWATCH_OFFLINE"] === "1") return not("TIDEWATCH_OFFLINE=1 forbids the download");
  const archive = pin.archives[thisPlatform()];
  if (!archive) return not(`there is no pinned archive for ${thisPlatform()}`);
  const directory = options.cacheDirectory;
  const need = { directory, bytes: 300_000_000, setting: "TIDEWATCH_CACHE" };
  await requireSpace([need], { purpose: `download Trivy ${pin.version}`, freeBytes: options.freeBytes });

  const file = join(workDirectory, archive.file);
  const activity = `downloading Trivy ${pin.version}`;
  const outcome = await download({
    url: `${pin.releaseUrl}/${archive.file}`,
    file,
    sha256: archive.sha256,
    maxBytes: 500_000_000,
    signal,
    onBytes: (done, total) => progress.update({ activity, count: { done, total, unit: "bytes" } }),
  });
  switch (outcome.kind) {
    case "complete":
      break;
    case "unreachable":
      return not(outcome.reason);
    case "mismatch":
      progress.note(
        `WARNING: ${archive.file} from ${new URL(pin.releaseUrl).host} is NOT the pinned file and was thrown away: ` +
          `its SHA-256 is ${outcome.actual} instead of ${archive.sha256}.`,
      );
      return not(`${archive.file} has the wrong SHA-256, ${outcome.actual} instead of ${archive.sha256}`);
  }

  const trivy = join(workDirectory, "trivy");
  await unpackTrivy(file, trivy, signal);
  await rm(file);
  return { kind: "got", file: trivy };
};

const not = (reason: string) => ({ kind: "not", reason }) as const;
