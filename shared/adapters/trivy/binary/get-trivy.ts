import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildTrivyWithGo } from "./build-trivy-with-go.ts";
import { installTrivy, installedTrivy, versionDirectory } from "./installed-trivy.ts";
import type { InstalledOrigin } from "./installed-trivy.ts";
import { withProcessLock } from "./process-lock.ts";
import { releasedTrivy } from "./released-trivy.ts";
import type { TrivyBinary } from "./trivy-binary.ts";
import type { TrivyPin } from "./trivy-pin.ts";
import type { GetOptions, SourceOptions, TrivySource } from "./trivy-source.ts";
import { TrivyUnavailableError } from "./trivy-unavailable-error.ts";
import { askTrivyVersion, refusal } from "./trivy-version.ts";

/**
 * Fills the cache. What an interrupted call left in the work directory (part of a download, compiled packages) is gone
 * on with by the next call, and removed after success.
 */
export async function getTrivy(options: GetOptions): Promise<TrivyBinary> {
  const { pin, progress, signal } = options;
  const directory = versionDirectory(options);
  const workDirectory = join(directory, "work");
  await mkdir(directory, { recursive: true });
  const onWait = () => progress.update({ activity: `another process is getting Trivy ${pin.version}, waiting for it` });
  return withProcessLock(join(directory, "lock"), { signal, onWait }, async () => {
    const already = await installedTrivy({ ...options, fullCheck: false });
    if (already) return already;
    await mkdir(workDirectory, { recursive: true });
    const trivy = await fromReleaseOrSources({ ...options, workDirectory });
    await rm(workDirectory, { recursive: true, force: true });
    return trivy;
  });
}

async function fromReleaseOrSources(options: SourceOptions): Promise<TrivyBinary> {
  const release = await attempt("release", releasedTrivy, options);
  if ("trivy" in release) return release.trivy;
  options.progress.note(`No Trivy from the official release: ${release.reason}. Going on with a build from source.`);
  const build = await attempt("goBuild", buildTrivyWithGo, options);
  if ("trivy" in build) return build.trivy;
  throw new TrivyUnavailableError(howToGoOn(options.pin, release.reason, build.reason));
}

async function attempt(
  origin: InstalledOrigin,
  source: TrivySource,
  options: SourceOptions,
): Promise<{ readonly trivy: TrivyBinary } | { readonly reason: string }> {
  const result = await source(options);
  options.progress.clear();
  if (result.kind === "not") return { reason: result.reason };
  const problem = refusal(await askTrivyVersion(result.file, options), options.pin);
  if (problem !== undefined) return { reason: `what came ${problem}` };
  return { trivy: await installTrivy(result.file, origin, options) };
}

function howToGoOn({ version, releaseUrl }: TrivyPin, releaseReason: string, buildReason: string): string {
  return `Trivy ${version} is not on this machine and could not be got.
  - official release: ${releaseReason}
  - build from source: ${buildReason}
Do one of these and start again:
  1. Set TRIVY_PATH to the file of a Trivy ${version} (archives: ${releaseUrl.replace("/download/", "/tag/")}).
  2. Let this machine reach ${new URL(releaseUrl).host}; behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.
  3. Install Go (https://go.dev/dl/) and let it reach its module proxy: Trivy is then built here, in about 6 minutes.
More in docs/trivy.md.`;
}
