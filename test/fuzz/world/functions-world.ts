import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../../shared/domain/secret.ts";
import { provideHost } from "../../../shared/hosts/current-host.ts";
import { openKeyFile, type KeyName } from "../../../shared/hosts/embedded/functions/key-store.ts";
import { startFunctionsHost } from "../../../shared/hosts/embedded/functions/start-functions-host.ts";
import { hostJson } from "../../../shared/hosts/embedded/host-json.ts";
import { systemClock } from "../../../shared/ports/clock.ts";
import { silentLog } from "../../../shared/ports/log.ts";
import { aTrackedFinding } from "../../support/samples.ts";
import { openWorkshop, type Workshop } from "../../use-cases/workshop.ts";
import { knownImage } from "../corpus/known-image.ts";

/** The deployed functions behind real sockets, on the real store and broker and beside a registry. Without a scanner. */
export interface FunctionsWorld extends AsyncDisposable {
  readonly port: number;
  readonly keys: Readonly<Record<KeyName, string>>;
  readonly workshop: Workshop;
  /** What was logged as an error since the last call. */
  readonly errors: () => readonly string[];
}

export async function openFunctionsWorld(): Promise<FunctionsWorld> {
  await using opened = new AsyncDisposableStack();
  const workshop = opened.use(await openWorkshop({ subscribers: [subscriber] }));
  const { images } = workshop.parts;
  await images.saveFindings(knownImage.id, knownImage.scan?.findings ?? "", [aTrackedFinding()]);
  await images.write(knownImage, "new");
  provideHost(workshop.host);
  opened.defer(() => provideHost(undefined));
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-fuzz-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const keys = { master: "", default: "", eventgrid_extension: "" };
  const logged: string[] = [];
  const functions = await startFunctionsHost({
    functions: () => import("../../../functions/index.ts"),
    broker: nothingToDo,
    clock: systemClock,
    log: { ...silentLog, error: (message, fields) => void logged.push(`${message} ${JSON.stringify(fields)}`) },
    hostJson: await hostJson(2),
    // Timers have no input to be fuzzed, and would run in between.
    appSettings: Object.fromEntries(timers.map((name) => [`AzureWebJobs.${name}.Disabled`, "true"])),
    keys: await openKeyFile({ file: join(directory, "keys.json"), show: (made) => void Object.assign(keys, made) }),
    schedules: { read: async () => undefined, write: async () => undefined },
    listen: { port: 0 },
    graceMs: 1000,
  });
  opened.defer(functions.stop);
  const everything = opened.move();
  return {
    port: Number(new URL(functions.url).port),
    keys,
    workshop,
    errors: () => logged.splice(0),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

const subscriber = { id: "desk", url: new URL("https://desk.example/"), secret: new Secret(`whsec_${"A".repeat(32)}`) };

const timers = [
  ...["refreshDatabase", "relayOutbox", "requestDueRescans", "reconcileRegistries"],
  ...["reviewExemptions", "sendDigest", "watchDatabase", "applyRetention"],
];

const nothingToDo: Parameters<typeof startFunctionsHost>[0]["broker"] = {
  receive: async (_path, _most, options) => {
    await systemClock.sleep(3_600_000, options?.signal);
    return [];
  },
  complete: async () => "settled",
  abandon: async () => "settled",
  renewLock: async () => "lockLost",
};
