import { resolve } from "node:path";
import { executablesOnPath, isExecutableFile } from "./executables.ts";
import { installedTrivy } from "./installed-trivy.ts";
import type { Progress } from "./progress.ts";
import type { TrivyBinary } from "./trivy-binary.ts";
import type { TrivyPin } from "./trivy-pin.ts";
import { TrivyUnavailableError } from "./trivy-unavailable-error.ts";
import { askTrivyVersion, refusal } from "./trivy-version.ts";

interface FindOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cacheDirectory: string;
  readonly pin: TrivyPin;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly fullCheck: boolean;
}

export async function findTrivy(options: FindOptions): Promise<TrivyBinary | undefined> {
  return (await trivyAtTrivyPath(options)) ?? (await trivyOnPath(options)) ?? (await installedTrivy(options));
}

async function trivyAtTrivyPath({ environment, pin, signal }: FindOptions): Promise<TrivyBinary | undefined> {
  const setting = environment["TRIVY_PATH"];
  if (!setting) return undefined;
  const path = resolve(setting);
  const problem = (await isExecutableFile(path))
    ? refusal(await askTrivyVersion(path, { environment, signal }), pin)
    : "is not an executable file";
  if (problem === undefined) return { path, version: pin.version, origin: "TRIVY_PATH" };
  throw new TrivyUnavailableError(
    `TRIVY_PATH is set, but ${path} ${problem}.\n` +
      `Set it to the file of a Trivy ${pin.version}, or unset it: then Trivy is found or got as docs/trivy.md says.`,
  );
}

async function trivyOnPath({ environment, pin, progress, signal }: FindOptions): Promise<TrivyBinary | undefined> {
  for (const path of await executablesOnPath("trivy", environment["PATH"])) {
    const problem = refusal(await askTrivyVersion(path, { environment, signal }), pin);
    if (problem === undefined) return { path, version: pin.version, origin: "PATH" };
    progress.note(`Passed over: ${path} ${problem}.`);
  }
  return undefined;
}
