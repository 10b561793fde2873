import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { openKeyFile, type KeyName } from "../../../shared/hosts/embedded/functions/key-store.ts";
import { callTidewatch, type Answer } from "../../support/call-tidewatch.ts";
import { freePort } from "../../support/free-port.ts";
import { startInProcessRegistry, type InProcessRegistry } from "../../support/registry/in-process-registry.ts";
import { startConsumer, type Consumer } from "./consumer.ts";
import { startCourier, type Courier } from "./courier.ts";
import { startLife, type Life } from "./life.ts";
import { ordersEnvironment, type PreloadOrders } from "./preload-orders.ts";

export interface WorldOptions {
  /** Made by the caller, and removed by it. */
  readonly directory: string;
  /** Shared by all worlds of a run. */
  readonly compiled: string;
  readonly trivyPath: string;
  readonly isolation: "auto" | "off";
}

/** What the lives of one state directory share: a registry, somebody who brings its news, and a subscriber. */
export interface ChaosWorld extends AsyncDisposable {
  readonly registry: InProcessRegistry;
  readonly consumer: Consumer;
  readonly courier: Courier;
  readonly stateDirectory: string;
  /** The time of the lives: it only goes forward. */
  readonly now: () => Date;
  readonly goForward: (milliseconds: number) => void;
  readonly start: (orders: LifeOrders) => Life;
  /** A request with the master key to whichever life listens. */
  readonly call: (path: string, init?: RequestInit) => Promise<Answer>;
}

export interface LifeOrders extends Omit<PreloadOrders, "clockAheadMs"> {
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startWorld({ directory, compiled, trivyPath, isolation }: WorldOptions): Promise<ChaosWorld> {
  await using started = new AsyncDisposableStack();
  const stateDirectory = join(directory, "state");
  await mkdir(stateDirectory, { recursive: true });
  const keys: Record<KeyName, string> = { master: "", default: "", eventgrid_extension: "" };
  await openKeyFile({ file: join(stateDirectory, "keys.json"), show: (made) => void Object.assign(keys, made) });
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const registry = started.use(await startInProcessRegistry());
  const consumer = started.use(await startConsumer());
  const courier = startCourier(address, keys);
  started.defer(courier.stop);

  const settingsFile = join(directory, "tidewatch.yaml");
  const settings = {
    registries: [{ host: registry.host, repositories: { exclude: ["trivy-db"] } }],
    databases: { vulnerability: [`${registry.host}/trivy-db:2`], java: [] },
    webhooks: [{ id: "consumer", url: consumer.url, secret: consumer.secret }],
    rescans: { rescanDays: 0, spreadMinutes: 0 },
    reconciliation: { everyHours: 1, requestsPerSecond: 1000 },
    // Failures here are injected, and no fault of an image: none is ever given up.
    scanner: { isolation, attempts: 100, slots: 2 },
    stateDirectory,
    listen: { port },
  };
  await writeFile(settingsFile, stringify(settings));

  let aheadMs = 0;
  const everything = started.move();
  return {
    registry,
    consumer,
    courier,
    stateDirectory,
    now: () => new Date(Date.now() + aheadMs),
    goForward: (milliseconds) => void (aheadMs += milliseconds),
    start: ({ environment, ...orders }) =>
      startLife({
        settingsFile,
        environment: {
          TRIVY_PATH: trivyPath,
          NODE_COMPILE_CACHE: compiled,
          ...ordersEnvironment({ ...orders, clockAheadMs: aheadMs }),
          ...environment,
        },
      }),
    call: (path, init) => callTidewatch(address, keys.master, path, init),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
