import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokerAlertTopic } from "../../shared/adapters/broker/broker-alert-topic.ts";
import { brokerMessageRetries } from "../../shared/adapters/broker/broker-message-retries.ts";
import { brokerSbomRequests, brokerScanRequests } from "../../shared/adapters/broker/broker-scan-requests.ts";
import { brokerWebhookDeliveries } from "../../shared/adapters/broker/broker-webhook-deliveries.ts";
import { fileBlobStore } from "../../shared/adapters/files/file-blob-store.ts";
import { configuredRegistryCredentials } from "../../shared/adapters/oci/configured-registry-credentials.ts";
import { ociImageRegistry } from "../../shared/adapters/oci/oci-image-registry.ts";
import { ociRegistryCatalog } from "../../shared/adapters/oci/oci-registry-catalog.ts";
import { openBroker } from "../../shared/adapters/sqlite/broker/open-broker.ts";
import { subscriptionPath } from "../../shared/adapters/sqlite/broker/entities.ts";
import { sqliteImageStore } from "../../shared/adapters/sqlite/image-store/sqlite-image-store.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import { imageId, type ImageRecord } from "../../shared/domain/image-record.ts";
import type { ImageReference } from "../../shared/domain/image-reference.ts";
import { defaultRetentionPolicy } from "../../shared/domain/retention-policy.ts";
import type { ScanOutcome } from "../../shared/domain/scan-outcome.ts";
import type { DatabaseVersion } from "../../shared/domain/scan-report.ts";
import { brokerEntities } from "../../shared/hosts/embedded/broker-entities.ts";
import { buildHost, type Host, type HostParts } from "../../shared/hosts/host.ts";
import { globMatcher } from "../../shared/hosts/settings/glob-matcher.ts";
import { findingsTopic, scanRequestsQueue, webhooksSubscription } from "../../shared/messages/entities.ts";
import { parsePublishedAlert } from "../../shared/messages/published-alert.ts";
import { parseScanRequest } from "../../shared/messages/scan-request-message.ts";
import type { ImageScanner } from "../../shared/ports/image-scanner.ts";
import { silentLog } from "../../shared/ports/log.ts";
import { currentExemptions } from "../../shared/use-cases/current-exemptions.ts";
import type { ScannedImage } from "../../shared/use-cases/scan-image.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";
import { startInProcessRegistry, type InProcessRegistry } from "../support/registry/in-process-registry.ts";
import { aDatabase, aScanner } from "../support/samples.ts";

/**
 * The use cases on the real store, the real broker, the real registry client and a registry, with two parts made by
 * hand: time, and what the scanner finds. Functions are not run; `work` does what the queue's trigger would do.
 */
export interface Workshop extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly registry: InProcessRegistry;
  readonly host: Host;
  readonly parts: HostParts;
  readonly scanner: ScriptedScanner;
  readonly read: (image: ImageReference) => Promise<ImageRecord | undefined>;
  /** Answers every scan request that is due now, one after another, by the workshop's host or another on its parts. */
  readonly work: (by?: Pick<Host, "scanImage">) => Promise<readonly ScannedImage[]>;
  /** Takes what is on the topic since the last call. */
  readonly alerts: () => Promise<readonly PublishedEvent[]>;
}

export type PublishedEvent = ReturnType<typeof parsePublishedAlert>;

export interface ScriptedScanner {
  /** What the next scans find; may be changed while a test runs. */
  findings: readonly Finding[];
  database: DatabaseVersion;
  /** Takes the place of the next outcomes, first in first out. */
  readonly outcomes: ScanOutcome[];
  /** Every scan that began. */
  readonly begun: { readonly image: ImageReference; readonly at: Date }[];
  /** Runs while a scan is on its way. */
  during: (image: ImageReference) => Promise<void>;
}

const filed = { exemptions: [], problems: [] };

const noFiles = { current: async () => filed };

export async function openWorkshop(options: Partial<HostParts> = {}): Promise<Workshop> {
  await using opened = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-workshop-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const clock = manualClock();
  const registry = opened.use(await startInProcessRegistry());
  const broker = openBroker({ file: join(directory, "broker.db"), clock, entities: brokerEntities });
  opened.defer(broker.close);
  const images = sqliteImageStore(join(directory, "state.db"));
  opened.defer(images.close);
  const script: ScriptedScanner = {
    findings: [],
    database: aDatabase,
    outcomes: [],
    begun: [],
    during: async () => undefined,
  };
  const client = {
    credentials: configuredRegistryCredentials({}),
    clock,
    userAgent: "tidewatch/test",
    insecureRegistries: ["127.0.0.1"],
    timeoutSeconds: 1,
  };
  const parts: HostParts = {
    clock,
    log: silentLog,
    images,
    blobs: fileBlobStore(join(directory, "blobs")),
    registry: ociImageRegistry(client),
    catalog: ociRegistryCatalog(client),
    scanner: scriptedScanner(script, clock, directory),
    database: { refresh: async () => ({ kind: "unchanged", database: script.database }) },
    sbomWriter: { write: async (report) => report },
    scanRequests: brokerScanRequests(broker),
    sbomRequests: brokerSbomRequests(broker),
    alerts: brokerAlertTopic(broker),
    deliveries: brokerWebhookDeliveries(broker),
    deadLetters: images.deadLetters,
    alertLog: images.alertLog,
    deliveryLog: images.deliveryLog,
    retention: images.retention,
    retentionPolicy: defaultRetentionPolicy,
    checkpoints: images.checkpoints,
    exemptions: currentExemptions({ files: noFiles, store: images.exemptions, globs: globMatcher }),
    exemptionFiles: noFiles,
    exemptionStore: images.exemptions,
    warnDays: 14,
    messageRetries: brokerMessageRetries(broker),
    sender: { send: async () => ({ kind: "accepted", status: 204 }) },
    registries: [registry.host],
    reconciliation: { everyHours: 24, requestsPerSecond: Infinity },
    watchList: (host) => (host === registry.host ? "watched" : "unknownRegistry"),
    subscribers: [],
    scannerIdentities: ["scanner"],
    loginServerSuffix: "azurecr.io",
    policy: { inUseDays: 30, rescanDays: 7 },
    spreadMs: 0,
    maximumFailures: 3,
    scansAtATime: 2,
    databaseStaleHours: 24,
    digestEvery: "week",
    ...options,
  };
  const host = buildHost(parts);

  const work = async (by: Pick<Host, "scanImage"> = host) => {
    const ended: ScannedImage[] = [];
    for (;;) {
      const [message] = await broker.receive(scanRequestsQueue, 1);
      if (message === undefined) return ended;
      ended.push(await by.scanImage(parseScanRequest(JSON.parse(message.body)), message.sequenceNumber.toString()));
      await broker.complete(message);
    }
  };
  const alerts = async () => {
    const path = subscriptionPath(findingsTopic, webhooksSubscription);
    const messages = await broker.receive(path, 1000);
    for (const message of messages) await broker.complete(message);
    return messages.map(({ body }) => parsePublishedAlert(JSON.parse(body)));
  };
  const everything = opened.move();
  return {
    clock,
    registry,
    host,
    parts,
    scanner: script,
    work,
    alerts,
    read: async (image) => (await images.read(imageId(image)))?.value,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

function scriptedScanner(script: ScriptedScanner, clock: ManualClock, directory: string): ImageScanner {
  return {
    longestScanMs: 600_000,
    current: async () => ({ scanner: aScanner, database: script.database }),
    scan: async (image, use) => {
      script.begun.push({ image, at: clock.now() });
      await script.during(image);
      const scripted = script.outcomes.shift();
      if (scripted !== undefined) return use(scripted);
      const file = join(directory, "report.json");
      await writeFile(file, "{}");
      const { findings, database } = script;
      const report = { image, scannedAt: clock.now(), scanner: aScanner, database, packageCount: 1, findings };
      return use({ kind: "scanned", report, rawReport: { file } });
    },
  };
}
