import { setPriority } from "node:os";
import { execa } from "execa";
import type { Secret } from "../../../domain/secret.ts";
import type { TrivySettings } from "../trivy-settings.ts";
import type { Confinement, Launch } from "./launch.ts";
import { programEnvironment } from "./program-environment.ts";
import { watchProcess, type Breach } from "./watch-process.ts";

/** Runs the program once, within the limits of the settings. Never throws for what the program does. */
export type RunProgram = (run: ProgramRun) => Promise<ProgramEnd>;

export interface ProgramRun extends Confinement {
  readonly arguments: readonly string[];
  /** Its working, home and temporary directory, writable. The caller removes it. */
  readonly scratch: string;
  /** More of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Also of its environment: argument lists are open to every user of the machine. Taken out of what it prints. */
  readonly secrets?: Readonly<Record<string, Secret>>;
  readonly timeoutSeconds: number;
  /** Behind everything else that wants the processor. */
  readonly lowPriority?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export type ProgramEnd =
  | { readonly kind: "done"; readonly stdout: string }
  /** Ended by itself, or was killed by someone else. The text is as the program wrote it. */
  | { readonly kind: "failed"; readonly exitCode?: number; readonly stderr: string }
  /** Ended by us, with all its descendants. */
  | { readonly kind: "stopped"; readonly reason: StopReason; readonly detail: string };

export type StopReason = "timeout" | "aborted" | "endless-output" | Breach["reason"];

export interface ProgramRunnerOptions {
  /** Absolute. */
  readonly program: string;
  readonly launch: Launch;
  readonly settings: TrivySettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function programRunner({ program, launch, settings, environment }: ProgramRunnerOptions): RunProgram {
  return async (run) => {
    if (run.signal?.aborted) return aborted;
    const breached = new AbortController();
    const ended = new AbortController();
    const confinement = { ...run, writable: [...run.writable, run.scratch] };
    const secrets = Object.entries(run.secrets ?? {}).map(([name, secret]) => [name, secret.reveal()] as const);
    const command = launch({ file: program, arguments: run.arguments }, confinement);

    const child = execa(command.file, command.arguments, {
      cwd: run.scratch,
      env: {
        ...programEnvironment(run.scratch, settings, environment),
        ...run.environment,
        ...Object.fromEntries(secrets),
      },
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      timeout: run.timeoutSeconds * 1000,
      cancelSignal: AbortSignal.any([breached.signal, ...(run.signal === undefined ? [] : [run.signal])]),
      killDescendants: true,
      forceKillAfterDelay: settings.graceSeconds * 1000,
      maxBuffer: MAX_OUTPUT_CHARACTERS,
    });
    const { pid } = child;
    if (pid !== undefined && run.lowPriority === true) lowerPriority(pid);
    const watched =
      pid === undefined
        ? undefined
        : watchProcess({ ...settings, pid, scratch: run.scratch, signal: ended.signal }).then((breach) => {
            if (breach !== undefined) breached.abort();
            return breach;
          });

    const result = await child;
    ended.abort();
    const breach = await watched;

    if (result.timedOut)
      return { kind: "stopped", reason: "timeout", detail: `It took longer than ${run.timeoutSeconds} seconds.` };
    if (result.isCanceled) return breach === undefined ? aborted : { kind: "stopped", ...breach };
    if (result.isMaxBuffer) return { kind: "stopped", reason: "endless-output", detail: "It printed without end." };
    if (!result.failed) return { kind: "done", stdout: result.stdout };
    const exitCode = result.exitCode ?? (result.signal === "SIGKILL" ? KILLED : undefined);
    const message = result.stderr === "" ? (result.originalMessage ?? "") : result.stderr;
    const stderr = secrets.reduce((text, [, secret]) => text.replaceAll(secret, "[secret]"), message);
    return { kind: "failed", stderr, ...(exitCode === undefined ? {} : { exitCode }) };
  };
}

const MAX_OUTPUT_CHARACTERS = 1024 * 1024;

/** Exit code of a program that SIGKILL ended, as shells and bubblewrap report it: 128 + 9. */
export const KILLED = 137;

const aborted: ProgramEnd = { kind: "stopped", reason: "aborted", detail: "It was called off." };

/** What it starts inherits this; it has had no time yet to start anything. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, 19);
  } catch {
    // It has ended already.
  }
}
