import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bareLaunch, type Launch } from "../../../shared/adapters/trivy/running/launch.ts";
import { programRunner, type ProgramEnd, type ProgramRun } from "../../../shared/adapters/trivy/running/run-program.ts";
import { defaultTrivySettings, type TrivySettings } from "../../../shared/adapters/trivy/trivy-settings.ts";

export interface ProgramLab extends AsyncDisposable {
  readonly directory: string;
  /** Runs a program of the folder programs/ in place of Trivy. */
  readonly run: (name: string, run?: Partial<ProgramRun>, settings?: Partial<TrivySettings>) => Promise<ProgramEnd>;
}

export interface ProgramLabOptions {
  readonly launch?: Launch;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export async function programLab({
  launch = bareLaunch,
  environment = {},
}: ProgramLabOptions = {}): Promise<ProgramLab> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), "program-lab-")));
  return {
    directory,
    run: (name, run = {}, settings = {}) => {
      const runProgram = programRunner({
        program: process.execPath,
        launch,
        settings: { ...defaultTrivySettings, graceSeconds: 1, diskReserveBytes: 0, ...settings },
        environment,
      });
      return runProgram({
        scratch: directory,
        readable: [],
        writable: [],
        network: true,
        timeoutSeconds: 20,
        ...run,
        arguments: [programFile(name), ...(run.arguments ?? [])],
      });
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

export function programFile(name: string): string {
  const file = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  if (!existsSync(file)) throw new Error(`There is no ${file}.`);
  return file;
}

/** Also of a process that has ended and waits for its parent to notice. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
