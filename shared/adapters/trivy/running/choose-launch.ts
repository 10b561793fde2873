import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { execa } from "execa";
import type { Log } from "../../../ports/log.ts";
import type { TrivySettings } from "../trivy-settings.ts";
import { bubblewrap, networkFiles } from "./bubblewrap.ts";
import { bareLaunch, dyingWithParent, type Launch } from "./launch.ts";

export interface LaunchOptions {
  /** Absolute. Run once with `--version` to see whether the sandbox works. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

/** @throws {@link IsolationUnavailableError} when isolation is required and does not work here */
export async function chooseLaunch(isolation: TrivySettings["isolation"], options: LaunchOptions): Promise<Launch> {
  const { environment, log } = options;
  const tried = isolation === "off" ? { problem: "The setting is off." } : await tryBubblewrap(options);
  if ("launch" in tried) {
    log.info("Trivy runs isolated by bubblewrap.");
    return tried.launch;
  }
  if (isolation === "required") throw new IsolationUnavailableError(tried.problem);

  const message = "Trivy runs without isolation, with the rights of this process.";
  if (isolation === "off") log.info(message);
  else log.warn(message, { reason: tried.problem });
  const setpriv = process.platform === "linux" ? findProgram("setpriv", environment) : undefined;
  return setpriv === undefined ? bareLaunch : dyingWithParent(setpriv);
}

async function tryBubblewrap({
  program,
  environment,
}: LaunchOptions): Promise<{ launch: Launch } | { problem: string }> {
  if (process.platform !== "linux") return { problem: "bubblewrap exists for Linux only." };
  const path = findProgram("bwrap", environment);
  if (path === undefined) return { problem: "bubblewrap (bwrap) is not installed." };

  const { SSL_CERT_FILE = "", SSL_CERT_DIR = "" } = environment;
  const certificates = [SSL_CERT_FILE, ...SSL_CERT_DIR.split(delimiter)].filter((file) => isAbsolute(file));
  const launch = bubblewrap({ path, systemFiles: [...networkFiles, ...certificates] });
  const { file, arguments: args } = launch(
    { file: program, arguments: ["--version"] },
    { readable: [], writable: [], network: true },
  );
  const { failed, stderr } = await execa(file, args, { extendEnv: false, reject: false, timeout: PROBE_TIMEOUT_MS });
  return failed ? { problem: `A trial run in bubblewrap failed: ${stderr.slice(0, 500)}` } : { launch };
}

const PROBE_TIMEOUT_MS = 20_000;

/** Trivy gets no PATH, so what starts it is found here. */
function findProgram(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const candidates = (environment["PATH"] ?? "").split(delimiter).filter((directory) => isAbsolute(directory));
  return candidates.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export class IsolationUnavailableError extends Error {
  override name = "IsolationUnavailableError";

  constructor(problem: string) {
    super(
      `Trivy cannot be isolated here, and the settings require it. ${problem} ` +
        "Install bubblewrap and allow unprivileged user namespaces, or set the isolation to auto. See docs/isolation.md.",
    );
  }
}
