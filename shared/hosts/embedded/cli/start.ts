import { existsSync } from "node:fs";
import { parseArgs, styleText } from "node:util";
import { InvalidExemptionsError, openFileExemptions } from "../../../adapters/files/file-exemptions.ts";
import { findOrGetTrivy } from "../../../adapters/trivy/binary/find-or-get-trivy.ts";
import { streamProgress } from "../../../adapters/trivy/binary/stream-progress.ts";
import { describeOrigin } from "../../../adapters/trivy/binary/trivy-binary.ts";
import { TrivyUnavailableError } from "../../../adapters/trivy/binary/trivy-unavailable-error.ts";
import { systemClock } from "../../../ports/clock.ts";
import { silentLog, type Log } from "../../../ports/log.ts";
import { InvalidSettingsError, readSettings } from "../../settings/read-settings.ts";
import { startEmbeddedHost, type EmbeddedHost } from "../embedded-host.ts";
import type { KeyName } from "../functions/key-store.ts";
import { structuredLog } from "../functions/structured-log.ts";

const defaultFile = "tidewatch.yaml";

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, interrupt);
process.exitCode = await main(process.argv.slice(2), interruption.signal);

/** The first signal stops in good order; the second one means now, and what ran starts over next time. */
function interrupt(): void {
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
}

/** `npm start`: resolves to the exit status when the host was stopped, or could not start. Log lines go to standard output. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const wish = parseWish(args);
  if (typeof wish === "string") {
    console.error(`${wish}\nTry: npm start -- --help`);
    return 2;
  }
  if (wish.help) {
    console.log(helpText());
    return 0;
  }
  try {
    const file = wish.settings ?? (existsSync(defaultFile) ? defaultFile : undefined);
    const settings = readSettings({ file, environment: process.env });
    const { paths } = settings.exemptions;
    if (wish.check) {
      await openFileExemptions({ paths, log: silentLog });
      console.log("The settings are right.");
      return 0;
    }
    const pretty = wish.log === undefined ? process.stdout.isTTY : wish.log === "pretty";
    const log = structuredLog({
      write: (line) => process.stdout.write(line),
      clock: systemClock,
      level: settings.logLevel,
      pretty,
    });
    const exemptionFiles = await openFileExemptions({ paths, log });
    const progress = streamProgress(process.stderr, systemClock);
    const trivy = await findOrGetTrivy({ environment: process.env, progress, signal });
    log.info("Trivy is ready.", { version: trivy.version, origin: describeOrigin(trivy.origin) });
    const embedded = await startEmbeddedHost({ settings, exemptionFiles, trivy, log, showKeys });
    log.info("Tidewatch listens.", { url: embedded.functions.url, state: settings.stateDirectory });
    await firstDatabase(embedded, log, signal);
    await aborted(signal);
    log.info("Stopping: running scans may end, waiting ones stay queued.");
    await embedded.stop();
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    if (!isExpected(error)) throw error;
    console.error(`${styleText("red", "error:", { stream: process.stderr })} ${error.message}`);
    return 1;
  }
}

function helpText(): string {
  return `Usage: npm start [-- options]

Runs Tidewatch on this machine: takes registry events, scans with Trivy, keeps findings, sends alerts.
Stop it with Ctrl+C; what waits is still there at the next start.

  --settings FILE   YAML; ${defaultFile} when it exists. docs/settings.md lists everything
  --check           say whether the settings are right, and end
  --log pretty|json default: pretty on a terminal, json elsewhere
  --help            this text

Settings come from the file and from the environment, which wins: TIDEWATCH__a__b sets a.b. The least that is needed:

  TIDEWATCH__registries__0__host=localhost:5000 npm start

Exit status: 0 stopped, 1 could not start (the message says what to do), 2 wrong use, 130 interrupted while starting.`;
}

function parseWish(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h", default: false },
        check: { type: "boolean", default: false },
        settings: { type: "string" },
        log: { type: "string" },
      },
    });
    if (values.log !== undefined && values.log !== "pretty" && values.log !== "json")
      return `--log takes pretty or json, not ${values.log}`;
    return values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function showKeys(keys: Partial<Record<KeyName, string>>): void {
  const lines = Object.entries(keys).map(([name, key]) => `  ${name.padEnd(21)} ${key}`);
  console.error(
    `Keys of this host, shown this once (only their hashes are kept; header x-functions-key, or ?code=):\n${lines.join("\n")}`,
  );
}

/** Not left to the timer: without a database every scan would be put off. */
async function firstDatabase({ host }: EmbeddedHost, log: Log, signal: AbortSignal): Promise<void> {
  const outcome = await host.refreshDatabase(signal);
  if (outcome.kind !== "unavailable") log.info("The vulnerability database is ready.", { ...outcome });
  else log.error("There is no vulnerability database yet; scans wait for it.", { detail: outcome.detail });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

function isExpected(error: unknown): error is Error {
  if (
    error instanceof InvalidExemptionsError ||
    error instanceof InvalidSettingsError ||
    error instanceof TrivyUnavailableError
  )
    return true;
  return error instanceof Error && ["BrokerInUseError", "DatabaseOpenError", "KeyFileError"].includes(error.name);
}
