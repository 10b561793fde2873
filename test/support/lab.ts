import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedHost, type EmbeddedHost } from "../../shared/hosts/embedded/embedded-host.ts";
import { openKeyFile, type KeyName } from "../../shared/hosts/embedded/functions/key-store.ts";
import { Settings } from "../../shared/hosts/settings/settings.ts";
import type { TrivyBinary } from "../../shared/adapters/trivy/binary/trivy-binary.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { silentLog, type Log } from "../../shared/ports/log.ts";
import { freePort } from "./free-port.ts";
import { jar } from "./images/packages/jar.ts";
import { JARS } from "./images/sample-packages.ts";
import { startDistribution } from "./registry/distribution.ts";
import { startInProcessRegistry, type InProcessRegistry } from "./registry/in-process-registry.ts";
import type { Advisory } from "./trivy-database/advisory.ts";
import { buildJavaDatabase } from "./trivy-database/build-java-database.ts";
import { buildVulnerabilityDatabase } from "./trivy-database/build-vulnerability-database.ts";
import { publishDatabase } from "./trivy-database/trivy-database.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./webhook-receiver.ts";

export interface LabOptions {
  readonly trivy: TrivyBinary;
  readonly advisories: readonly Advisory[];
  /** Path of the real CNCF distribution registry; the in-process one when missing. */
  readonly distribution?: string | undefined;
  /** Settings beside registries, databases, webhooks, directory and port, which the laboratory sets. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** Everything around one Tidewatch: a registry that notifies it, databases that it pulls from there, and a subscriber. */
export interface Lab extends AsyncDisposable {
  readonly registry: { readonly host: string; readonly url: string };
  /** Missing when the registry is the real distribution. */
  readonly inProcess: InProcessRegistry | undefined;
  readonly webhooks: WebhookReceiver;
  readonly keys: Readonly<Record<KeyName, string>>;
  readonly stateDirectory: string;
  readonly tidewatch: EmbeddedHost;
  /** Stops Tidewatch and starts it again on the same state, as after a crash or an upgrade. */
  readonly restart: () => Promise<void>;
  /** A newer vulnerability database appears at the source. */
  readonly publish: (advisories: readonly Advisory[], updatedAt: Date) => Promise<void>;
  /** A request to Tidewatch with its function key; the body as JSON value where there is one. */
  readonly call: (path: string, init?: RequestInit) => Promise<{ readonly status: number; readonly body: unknown }>;
  /** Runs a function now and waits until it has ended. */
  readonly run: (name: string, input?: unknown) => Promise<unknown>;
}

export async function startLab(options: LabOptions): Promise<Lab> {
  const { clock, log = silentLog } = options;
  await using started = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-lab-"));
  started.defer(() => rm(directory, { recursive: true, force: true }));
  const stateDirectory = join(directory, "state");
  const keys = await makeKeys(join(stateDirectory, "keys.json"));
  const port = await freePort();
  const notifications = [
    { url: `http://127.0.0.1:${port}/api/registry-notifications`, headers: { "x-functions-key": keys.default } },
  ];

  const inProcess = options.distribution ? undefined : started.use(await startInProcessRegistry({ notifications }));
  const registry =
    options.distribution === undefined
      ? inProcess
      : started.use(await startDistribution({ path: options.distribution, notifications }));
  if (registry === undefined) throw new Error("A registry is always started.");
  const webhooks = started.use(await startWebhookReceiver());

  const publish = async (advisories: readonly Advisory[], updatedAt: Date) => {
    await publishDatabase(registry.url, "trivy-db", buildVulnerabilityDatabase({ advisories, updatedAt }));
  };
  await publish(options.advisories, new Date("2026-11-01T00:00:00Z"));
  await publishDatabase(registry.url, "trivy-java-db", javaDatabase());

  const settings = Settings.parse({
    ...options.settings,
    // The databases live in the same registry and are no images to be looked after.
    registries: [{ host: registry.host, repositories: { exclude: ["trivy-db", "trivy-java-db"] } }],
    databases: { vulnerability: [`${registry.host}/trivy-db:2`], java: [`${registry.host}/trivy-java-db:1`] },
    webhooks: [{ id: "receiver", url: webhooks.url, secret: webhooks.secret }],
    stateDirectory,
    listen: { port },
  });
  const start = () =>
    startEmbeddedHost({ settings, trivy: options.trivy, log, showKeys: () => undefined, ...(clock && { clock }) });
  let tidewatch = await start();
  started.defer(() => tidewatch.stop());
  await tidewatch.host.refreshDatabase();

  const everything = started.move();
  return {
    registry,
    inProcess,
    webhooks,
    keys,
    stateDirectory,
    publish,
    get tidewatch() {
      return tidewatch;
    },
    restart: async () => {
      await tidewatch.stop();
      tidewatch = await start();
    },
    call: async (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set("x-functions-key", keys.master);
      const response = await fetch(`${tidewatch.functions.url}${path}`, { ...init, headers });
      const text = await response.text();
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      return { status: response.status, body };
    },
    run: (name, input) => tidewatch.functions.invoke(name, input),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function makeKeys(file: string): Promise<Record<KeyName, string>> {
  const keys = { master: "", default: "", eventgrid_extension: "" };
  await openKeyFile({ file, show: (made) => void Object.assign(keys, made) });
  return keys;
}

function javaDatabase() {
  const artifacts = JARS.map((artifact) => ({ ...artifact, sha1: jar(artifact).sha1 }));
  return buildJavaDatabase({ artifacts, updatedAt: new Date("2026-11-01T00:00:00Z") });
}
