import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import type { TrivyPin } from "./trivy-pin.ts";

export type VersionAnswer = { readonly version: string } | { readonly failure: string };

/** Runs `trivy version` with an environment that holds none of our secrets and an empty cache and home directory. */
export async function askTrivyVersion(
  path: string,
  options: { readonly environment: Readonly<Record<string, string | undefined>>; readonly signal: AbortSignal },
): Promise<VersionAnswer> {
  const home = await mkdtemp(join(tmpdir(), "tidewatch-trivy-version-"));
  try {
    const result = await execa(path, ["--cache-dir", home, "version", "--format", "json"], {
      cwd: home,
      extendEnv: false,
      env: {
        PATH: options.environment["PATH"] ?? "",
        HOME: home,
        TRIVY_DISABLE_TELEMETRY: "true",
        TRIVY_SKIP_VERSION_CHECK: "true",
      },
      stdin: "ignore",
      timeout: 20_000,
      cancelSignal: options.signal,
      forceKillAfterDelay: 2_000,
      maxBuffer: 100_000,
      reject: false,
    });
    options.signal.throwIfAborted();
    if (result.timedOut) return { failure: "no answer within 20 seconds" };
    if (result.failed)
      return { failure: result.exitCode === undefined ? "it cannot be run" : `exit status ${result.exitCode}` };
    return parseVersion(result.stdout);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** What is wrong with a Trivy that gave this answer, as the end of a sentence that starts with its path; else undefined. */
export function refusal(answer: VersionAnswer, pin: TrivyPin): string | undefined {
  if ("failure" in answer) return `does not tell its version (${answer.failure})`;
  const { version } = answer;
  if (version === pin.version) return undefined;
  if (maliciousVersions.has(version)) {
    return (
      `is Trivy ${version}, which is MALICIOUS (CVE-2026-33634: 0.69.4 to 0.69.6 steal credentials); ` +
      `remove it and replace every secret that this machine holds`
    );
  }
  return `is Trivy ${version}, which is unknown here: only ${pin.version} is run (docs/trivy.md says how to change that)`;
}

const maliciousVersions: ReadonlySet<string> = new Set(["0.69.4", "0.69.5", "0.69.6"]);

const VersionOutput = z.object({ Version: z.string().max(100) });

function parseVersion(output: string): VersionAnswer {
  try {
    return { version: VersionOutput.parse(JSON.parse(output)).Version.replace(/^v/, "") };
  } catch {
    return { failure: "no JSON with a Version" };
  }
}
