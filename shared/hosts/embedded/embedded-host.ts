import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { brokerAlertTopic } from "../../adapters/broker/broker-alert-topic.ts";
import { brokerMessageRetries } from "../../adapters/broker/broker-message-retries.ts";
import { brokerSbomRequests, brokerScanRequests } from "../../adapters/broker/broker-scan-requests.ts";
import { brokerWebhookDeliveries } from "../../adapters/broker/broker-webhook-deliveries.ts";
import { openFileExemptions } from "../../adapters/files/file-exemptions.ts";
import { fileBlobStore } from "../../adapters/files/file-blob-store.ts";
import { configuredRegistryCredentials } from "../../adapters/oci/configured-registry-credentials.ts";
import { ociImageRegistry } from "../../adapters/oci/oci-image-registry.ts";
import { ociRegistryCatalog } from "../../adapters/oci/oci-registry-catalog.ts";
import type { Broker } from "../../adapters/sqlite/broker/broker.ts";
import { openBroker } from "../../adapters/sqlite/broker/open-broker.ts";
import { sqliteImageStore } from "../../adapters/sqlite/image-store/sqlite-image-store.ts";
import { openTrivy } from "../../adapters/trivy/open-trivy.ts";
import type { TrivyBinary } from "../../adapters/trivy/binary/trivy-binary.ts";
import { signedWebhookSender } from "../../adapters/webhook/signed-webhook-sender.ts";
import { systemClock, type Clock } from "../../ports/clock.ts";
import type { ExemptionFiles } from "../../ports/exemption-files.ts";
import type { Log } from "../../ports/log.ts";
import type { RegistryCredential } from "../../ports/registry-credentials.ts";
import { provideHost } from "../current-host.ts";
import { currentExemptions } from "../../use-cases/current-exemptions.ts";
import { buildHost, type Host } from "../host.ts";
import { configuredWatchList } from "../settings/configured-watch-list.ts";
import { globMatcher } from "../settings/glob-matcher.ts";
import type { Settings } from "../settings/settings.ts";
import { brokerEntities } from "./broker-entities.ts";
import { hostJson } from "./host-json.ts";
import type { FunctionsHost } from "./functions/functions-host.ts";
import { openKeyFile, type KeyName } from "./functions/key-store.ts";
import { fileScheduleStore } from "./functions/schedule-store.ts";
import { startFunctionsHost } from "./functions/start-functions-host.ts";
import { trivySettings } from "./trivy-settings.ts";
import { untilStopped } from "./until-stopped.ts";

export interface EmbeddedHostOptions {
  readonly settings: Settings;
  /** Those that the settings name, for whoever has opened them already. */
  readonly exemptionFiles?: ExemptionFiles;
  readonly trivy: TrivyBinary;
  readonly log: Log;
  /** Gets the keys that were made, at the first start only: nobody can read them later. */
  readonly showKeys: (keys: Partial<Record<KeyName, string>>) => void | Promise<void>;
  readonly clock?: Clock;
  /** How long running functions may go on when the host is stopped. Default 30 seconds. */
  readonly graceMs?: number;
}

export interface EmbeddedHost {
  readonly functions: FunctionsHost;
  /** For a look inside: tests, the demo and the benches. */
  readonly broker: Broker;
  readonly host: Host;
  /** Ends within half a minute, leaves nothing half done; the second call waits for the first. */
  readonly stop: () => Promise<void>;
}

/** Tidewatch on one machine: the deployed functions, on parts that live in one directory. One at a time per directory. */
export async function startEmbeddedHost(options: EmbeddedHostOptions): Promise<EmbeddedHost> {
  const { settings, trivy, log, showKeys, clock = systemClock, graceMs } = options;
  const directory = settings.stateDirectory;
  const exemptionFiles =
    options.exemptionFiles ?? (await openFileExemptions({ paths: settings.exemptions.paths, log }));
  await mkdir(directory, { recursive: true, mode: 0o700 });

  const broker = openBroker({ file: join(directory, "broker.db"), clock, entities: brokerEntities });
  const stopping = new AbortController();
  const stopped = new AbortController();
  const closing: (() => Promise<void>)[] = [broker.close];
  const close = async () => {
    for (const end of closing.reverse()) await end();
  };
  try {
    const images = sqliteImageStore(join(directory, "state.db"));
    closing.push(images.close);
    const credentials = configuredRegistryCredentials(credentialsByHost(settings));
    const insecureRegistries = plainHttpRegistries(settings);
    const client = { credentials, clock, userAgent, insecureRegistries };
    const registry = ociImageRegistry(client);
    const trivyWork = await openTrivy({
      binary: trivy,
      directories: {
        databases: join(directory, "databases"),
        slots: join(directory, "slots"),
        scratch: join(directory, "scratch"),
      },
      settings: trivySettings(settings),
      credentials,
      insecureRegistries: (host) => insecureRegistries.includes(host),
      registry,
      clock,
      log,
    });
    const host = buildHost({
      clock,
      log,
      images,
      blobs: fileBlobStore(join(directory, "blobs")),
      registry,
      catalog: ociRegistryCatalog(client),
      ...untilStopped(trivyWork, stopped.signal),
      scanRequests: brokerScanRequests(broker),
      sbomRequests: brokerSbomRequests(broker),
      alerts: brokerAlertTopic(broker),
      deliveries: brokerWebhookDeliveries(broker),
      deadLetters: images.deadLetters,
      alertLog: images.alertLog,
      deliveryLog: images.deliveryLog,
      retention: images.retention,
      retentionPolicy: settings.retention,
      checkpoints: images.checkpoints,
      exemptions: currentExemptions({ files: exemptionFiles, store: images.exemptions, globs: globMatcher }),
      exemptionFiles,
      exemptionStore: images.exemptions,
      warnDays: settings.exemptions.warnDays,
      messageRetries: brokerMessageRetries(broker),
      sender: signedWebhookSender({ userAgent, timeoutMs: 20_000 }),
      registries: settings.registries.map(({ host }) => host),
      watchList: configuredWatchList(settings.registries),
      reconciliation: settings.reconciliation,
      stopping: stopping.signal,
      subscribers: settings.webhooks,
      scannerIdentities: settings.scannerIdentities,
      loginServerSuffix: settings.loginServerSuffix,
      policy: settings.rescans,
      spreadMs: settings.rescans.spreadMinutes * 60_000,
      maximumFailures: settings.scanner.attempts,
      scansAtATime: 2 * settings.scanner.slots,
      databaseStaleHours: settings.databases.staleHours,
      digestEvery: settings.digest.every,
    });
    provideHost(host);
    closing.push(async () => stopped.abort());
    closing.push(async () => provideHost(undefined));
    const functions = await startFunctionsHost({
      functions: () => import("../../../functions/index.ts"),
      broker,
      clock,
      log,
      hostJson: await hostJson(settings.scanner.slots),
      appSettings: azureSettings(process.env),
      keys: await openKeyFile({ file: join(directory, "keys.json"), show: showKeys }),
      schedules: fileScheduleStore(join(directory, "schedules")),
      listen: settings.listen,
      ...(graceMs !== undefined && { graceMs }),
    });
    closing.push(functions.stop);
    let closed: Promise<void> | undefined;
    const stop = () => {
      stopping.abort();
      return (closed ??= close());
    };
    return { functions, broker, host, stop };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Azure's own app settings, such as `AzureWebJobs.<function>.Disabled`: there, too, they reach the host as environment. */
function azureSettings(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && /^(?:AzureWebJobs\.|FUNCTIONS_)/.test(name) ? [[name, value] as const] : [],
    ),
  );
}

const userAgent = "tidewatch/0.1.0";

function credentialsByHost({ registries }: Settings): Record<string, RegistryCredential> {
  return Object.fromEntries(
    registries.flatMap(({ host, username, password }) =>
      username === undefined || password === undefined ? [] : [[host, { kind: "basic", username, password }]],
    ),
  );
}

/** Loopback registries speak http unless told otherwise: nobody gives them certificates. */
function plainHttpRegistries({ registries, databases }: Settings): readonly string[] {
  const isLoopback = (host: string) => /^(?:localhost|127\.0\.0\.1)(?::|$)/.test(host);
  const images = registries.filter(({ host, plainHttp }) => plainHttp ?? isLoopback(host)).map(({ host }) => host);
  const sources = [...databases.vulnerability, ...databases.java].flatMap((source) => source.split("/", 1));
  return [...images, ...sources.filter(isLoopback)];
}
