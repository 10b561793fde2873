import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type {
  FunctionsHost,
  FunctionsHostOptions,
} from "../../../../shared/hosts/embedded/functions/functions-host.ts";
import { openKeyFile } from "../../../../shared/hosts/embedded/functions/key-store.ts";
import type { ScheduleStatus, ScheduleStore } from "../../../../shared/hosts/embedded/functions/schedule-store.ts";
import { startFunctionsHost } from "../../../../shared/hosts/embedded/functions/start-functions-host.ts";
import { structuredLog } from "../../../../shared/hosts/embedded/functions/structured-log.ts";
import { systemClock } from "../../../../shared/ports/clock.ts";
import * as z from "zod";

export interface StartedHost extends FunctionsHost {
  readonly keys: Readonly<Record<"master" | "default" | "eventgrid_extension", string>>;
  /** What was logged, one parsed line each. */
  readonly logged: () => readonly Readonly<Record<string, unknown>>[];
}

/** A host for one test, stopped at its end, with no messages unless a broker is given. */
export async function startHost(options: Partial<FunctionsHostOptions> & Pick<FunctionsHostOptions, "functions">) {
  const lines: string[] = [];
  const shown: Partial<Record<string, string>> = {};
  const { hostJson, ...others } = options;
  const host = await startFunctionsHost({
    broker: emptyBroker,
    clock: systemClock,
    log: structuredLog({ write: (line) => lines.push(line), clock: systemClock, level: "debug" }),
    hostJson: hostJson ?? { version: "2.0" },
    appSettings: {},
    keys: await openKeyFile({
      file: join(await temporaryDirectory(), "keys.json"),
      show: (keys) => void Object.assign(shown, keys),
    }),
    schedules: memorySchedules(),
    listen: { port: 0 },
    graceMs: 2000,
    ...others,
  });
  onTestFinished(() => host.stop());
  const started: StartedHost = {
    ...host,
    keys: keysSchema.parse(shown),
    logged: () => lines.map((line) => lineSchema.parse(JSON.parse(line))),
  };
  return started;
}

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "functions-host-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export function memorySchedules(): ScheduleStore {
  const stored = new Map<string, ScheduleStatus>();
  return {
    read: async (name) => stored.get(name),
    write: async (name, status) => void stored.set(name, status),
  };
}

/** Turns off every function but the named ones, by Azure's own setting. */
export const only = (all: readonly string[], ...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    all.filter((name) => !names.includes(name)).map((name) => [`AzureWebJobs.${name}.Disabled`, "true"]),
  );

const emptyBroker: FunctionsHostOptions["broker"] = {
  receive: async (_path, _max, options) => {
    await systemClock.sleep(60_000, options?.signal);
    return [];
  },
  complete: async () => "settled",
  abandon: async () => "settled",
  renewLock: async () => "lockLost",
};

const keysSchema = z.object({ master: z.string(), default: z.string(), eventgrid_extension: z.string() });
const lineSchema = z.record(z.string(), z.unknown());
