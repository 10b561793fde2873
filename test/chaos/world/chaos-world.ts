import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { openKeyFile, type KeyName } from "../../../shared/hosts/embedded/functions/key-store.ts";
import { callTidewatch, type Answer } from "../../support/call-tidewatch.ts";
import { freePort } from "../../support/free-port.ts";
import { startInProcessRegistry, type InProcessRegistry } from "../../support/registry/in-process-registry.ts";
import type { Program } from "./build-program.ts";
import { startConsumer, type Consumer } from "./consumer.ts";
import { startCourier, type Courier } from "./courier.ts";
import { startLife, type Life } from "./life.ts";
import { ordersEnvironment, type PreloadOrders } from "./preload-orders.ts";

export interface WorldOptions {
  /** Made by the caller, and removed by it. */
  readonly directory: string;
  readonly program: Program;
  readonly trivyPath: string;
  readonly isolation: "auto" | "off";
}

/** What the lives of one state directory share: a registry, somebody who brings its news, and a subscriber. */
export interface ChaosWorld extends AsyncDisposable {
  readonly registry: InProcessRegistry;
  readonly consumer: Consumer;
  readonly courier: Courier;
  readonly stateDirectory: string;
  /** With files of exemptions. */
  readonly exemptionDirectory: string;
  /** The time of the lives: it only goes forward. */
  readonly now: () => Date;
  readonly goForward: (milliseconds: number) => void;
  readonly start: (orders: LifeOrders) => Life;
  readonly isListening: () => boolean;
  /** A request with the master key to whichever life listens. */
  readonly call: (path: string, init?: RequestInit) => Promise<Answer>;
}

export interface LifeOrders extends Omit<PreloadOrders, "clockAheadMs"> {
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startWorld({ directory, program, trivyPath, isolation }: WorldOptions): Promise<ChaosWorld> {
  await using started = new AsyncDisposableStack();
  const stateDirectory = join(directory, "state");
  const exemptionDirectory = join(directory, "exemptions");
  for (const each of [stateDirectory, exemptionDirectory]) await mkdir(each, { recursive: true });
  const keys: Record<KeyName, string> = { master: "", default: "", eventgrid_extension: "" };
  await openKeyFile({ file: join(stateDirectory, "keys.json"), show: (made) => void Object.assign(keys, made) });
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const registry = started.use(await startInProcessRegistry());
  const consumer = started.use(await startConsumer());
  let listening: Life | undefined;
  const courier = startCourier(address, keys, () => listening !== undefined);
  started.defer(courier.stop);

  const settingsFile = join(directory, "tidewatch.yaml");
  const settings = {
    registries: [{ host: registry.host, repositories: { exclude: ["trivy-db"] } }],
    databases: { vulnerability: [`${registry.host}/trivy-db:2`], java: [] },
    webhooks: [{ id: "consumer", url: consumer.url, secret: consumer.secret }],
    rescans: { rescanDays: 0, spreadMinutes: 0 },
    reconciliation: { everyHours: 0.05, requestsPerSecond: 1000 },
    exemptions: { paths: [exemptionDirectory] },
    // Failures here are injected, and no fault of an image: none is ever given up.
    scanner: { isolation, attempts: 100, slots: 2 },
    stateDirectory,
    listen: { port },
  };
  await writeFile(settingsFile, stringify(settings));

  let aheadMs = 0;
  const logs: Promise<void>[] = [];
  started.defer(async () => {
    await Promise.allSettled(logs);
  });
  const everything = started.move();
  return {
    registry,
    consumer,
    courier,
    stateDirectory,
    exemptionDirectory,
    now: () => new Date(Date.now() + aheadMs),
    goForward: (milliseconds) => void (aheadMs += milliseconds),
    start: ({ environment, ...orders }) => {
      const life = startLife({
        program,
        settingsFile,
        environment: {
          TRIVY_PATH: trivyPath,
          ...ordersEnvironment({ ...orders, clockAheadMs: aheadMs }),
          ...environment,
        },
      });
      void life.said("Tidewatch listens.").then((isListening) => (listening = isListening ? life : undefined));
      const log = life.ended.then(({ output }) => {
        listening = undefined;
        return appendFile(join(directory, "lives.log"), `${JSON.stringify(orders)}\n${output}\n`);
      });
      logs.push(log);
      return life;
    },
    isListening: () => listening !== undefined,
    call: (path, init) => callTidewatch(address, keys.master, path, init),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
