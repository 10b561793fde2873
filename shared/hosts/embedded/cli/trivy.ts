import { parseArgs, styleText } from "node:util";
import { trivyCacheDirectory } from "../../../adapters/trivy/binary/cache-directory.ts";
import { findOrGetTrivy, findTrivyWhereItIs } from "../../../adapters/trivy/binary/find-or-get-trivy.ts";
import type { FindTrivyOptions } from "../../../adapters/trivy/binary/find-or-get-trivy.ts";
import { silentProgress } from "../../../adapters/trivy/binary/progress.ts";
import { streamProgress } from "../../../adapters/trivy/binary/stream-progress.ts";
import { describeOrigin } from "../../../adapters/trivy/binary/trivy-binary.ts";
import type { TrivyBinary } from "../../../adapters/trivy/binary/trivy-binary.ts";
import { pinnedTrivy } from "../../../adapters/trivy/binary/trivy-pin.ts";
import { TrivyUnavailableError } from "../../../adapters/trivy/binary/trivy-unavailable-error.ts";
import { systemClock } from "../../../ports/clock.ts";

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interruption.abort());
process.exitCode = await main(process.argv.slice(2), interruption.signal);

/** `npm run trivy`: resolves to the exit status. The result goes to standard output, everything else to standard error. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const wish = parseWish(args);
  if (typeof wish === "string") {
    console.error(`${wish}\nTry: npm run trivy -- --help`);
    return 2;
  }
  const progress = streamProgress(process.stderr, systemClock);
  const options = { environment: process.env, progress, signal, fullCheck: true };
  try {
    if (wish.help) {
      console.log(await help({ ...options, progress: silentProgress }));
      return 0;
    }
    const trivy = wish.check ? await findTrivyWhereItIs(options) : await findOrGetTrivy(options);
    if (!trivy) throw new TrivyUnavailableError(notHere());
    console.log(wish.path ? trivy.path : describe(trivy));
    return 0;
  } catch (error) {
    if (signal.aborted) {
      console.error("Interrupted. What is done so far is kept, and the next start goes on from there.");
      return 130;
    }
    if (!(error instanceof TrivyUnavailableError)) throw error;
    console.error(`${styleText("red", "error:", { stream: process.stderr })} ${error.message}`);
    return 1;
  }
}

function parseWish(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({ args: [...args], options: { help: { ...flag, short: "h" }, check: flag, path: flag } }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function help(options: FindTrivyOptions): Promise<string> {
  return `Usage: npm run trivy [-- --check | --path | --help]

Finds Trivy ${pinnedTrivy.version}, or gets and verifies it, and prints where it is.
Looked at in this order: TRIVY_PATH, trivy on PATH, the cache, the official release, a build from pinned Go modules.

  --check  only look, get nothing
  --path   print nothing but the path
  --help   this text

Exit status: 0 Trivy is there, 1 it is not (and could not be got), 2 wrong use, 130 interrupted.
Cache: ${trivyCacheDirectory(options.environment)} (set TIDEWATCH_CACHE to move it).
TIDEWATCH_OFFLINE=1 asks no network: a build then needs all modules in Go's module cache.

${await stateNow(options)}`;
}

async function stateNow(options: FindTrivyOptions): Promise<string> {
  try {
    const trivy = await findTrivyWhereItIs(options);
    return trivy ? describe(trivy) : notHere();
  } catch (error) {
    if (error instanceof TrivyUnavailableError) return error.message;
    throw error;
  }
}

function describe({ version, path, origin }: TrivyBinary): string {
  return `Trivy ${version}\n  path    ${path}\n  origin  ${describeOrigin(origin)}`;
}

function notHere(): string {
  return `Trivy ${pinnedTrivy.version} is not on this machine yet. To get it: npm run trivy`;
}
