import type { RetentionPolicy } from "../domain/retention-policy.ts";
import type { RescanPolicy } from "../domain/rescan-policy.ts";
import type { RegistryHost } from "../domain/image-reference.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { WebhookSubscriber } from "../domain/webhook-subscriber.ts";
import type { AlertLog } from "../ports/alert-log.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Checkpoints } from "../ports/checkpoints.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeadLetter, DeadLetters } from "../ports/dead-letters.ts";
import type { DeliveryLog } from "../ports/delivery-log.ts";
import type { ExemptionFiles } from "../ports/exemption-files.ts";
import type { ExemptionStore } from "../ports/exemption-store.ts";
import type { Exemptions } from "../ports/exemptions.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { ImageScanner } from "../ports/image-scanner.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { Log } from "../ports/log.ts";
import type { MessageRetries } from "../ports/message-retries.ts";
import type { SbomRequests } from "../ports/sbom-requests.ts";
import type { SbomWriter } from "../ports/sbom-writer.ts";
import type { RegistryCatalog } from "../ports/registry-catalog.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";
import type { StateRetention } from "../ports/state-retention.ts";
import type { VulnerabilityDatabase } from "../ports/vulnerability-database.ts";
import type { WebhookDeliveries } from "../ports/webhook-deliveries.ts";
import type { WebhookSender } from "../ports/webhook-sender.ts";
import { announceEndings } from "../use-cases/announce-endings.ts";
import { changeExemptions } from "../use-cases/change-exemptions.ts";
import { reviewExemptions } from "../use-cases/review-exemptions.ts";
import { acceptReceivedEvent } from "../use-cases/accept-received-event.ts";
import { applyRetention } from "../use-cases/apply-retention.ts";
import { acceptRegistryEvent } from "../use-cases/accept-registry-event.ts";
import { compareDigests } from "../use-cases/compare-digests.ts";
import { deliverWebhook } from "../use-cases/deliver-webhook.ts";
import { dispatchAlert } from "../use-cases/dispatch-alert.ts";
import { dropDeadLetter } from "../use-cases/drop-dead-letter.ts";
import { loggedAlerts } from "../use-cases/logged-alerts.ts";
import { listTaggedImages } from "../use-cases/list-tagged-images.ts";
import { readFindings } from "../use-cases/read-findings.ts";
import { readHistory, readHistoryEntry, readPastFindings } from "../use-cases/read-history.ts";
import { beginWalks } from "../use-cases/begin-walks.ts";
import { readCoverage } from "../use-cases/read-coverage.ts";
import { reconcileRegistries } from "../use-cases/reconcile-registries.ts";
import type { ReconciliationPolicy } from "../use-cases/reconcile-registry.ts";
import { redriveDeadLetter } from "../use-cases/redrive-dead-letter.ts";
import { redriveDeadLetters } from "../use-cases/redrive-dead-letters.ts";
import { relayOutbox } from "../use-cases/relay-outbox.ts";
import { requestDueRescans } from "../use-cases/request-due-rescans.ts";
import { requestScan } from "../use-cases/request-scan.ts";
import { scanImage } from "../use-cases/scan-image.ts";
import { sendDigest } from "../use-cases/send-digest.ts";
import { storeSbom } from "../use-cases/store-sbom.ts";
import { tellHeld } from "../use-cases/tell-platforms.ts";
import { watchDatabase } from "../use-cases/watch-database.ts";

/** Every port, and the settings that use cases read. What the machine it runs on has to bring. */
export interface HostParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly images: ImageStore;
  readonly blobs: BlobStore;
  readonly registry: ImageRegistry;
  readonly catalog: RegistryCatalog;
  readonly scanner: ImageScanner;
  readonly database: VulnerabilityDatabase;
  readonly sbomWriter: SbomWriter;
  readonly scanRequests: ScanRequests;
  readonly sbomRequests: SbomRequests;
  readonly alerts: AlertTopic;
  readonly alertLog: AlertLog;
  readonly deliveryLog: DeliveryLog;
  readonly deliveries: WebhookDeliveries;
  readonly deadLetters: DeadLetters;
  readonly checkpoints: Checkpoints;
  readonly retention: StateRetention;
  readonly exemptions: Exemptions;
  readonly exemptionFiles: ExemptionFiles;
  readonly exemptionStore: ExemptionStore;
  /** Exemptions are announced so many days before they end; 0 = never. */
  readonly warnDays: number;
  readonly messageRetries: MessageRetries;
  readonly sender: WebhookSender;
  /** Those in the settings. */
  readonly registries: readonly RegistryHost[];
  readonly watchList: WatchList;
  readonly reconciliation: ReconciliationPolicy;
  /** Aborted when the process is about to end. */
  readonly stopping?: AbortSignal;
  readonly subscribers: readonly WebhookSubscriber[];
  readonly scannerIdentities: readonly string[];
  readonly loginServerSuffix: string;
  readonly policy: RescanPolicy;
  readonly retentionPolicy: RetentionPolicy;
  readonly spreadMs: number;
  readonly maximumFailures: number;
  readonly scansAtATime: number;
  readonly databaseStaleHours: number;
  readonly digestEvery: "day" | "week" | "off";
}

/** What the functions call. The same on Azure and on one machine; only the parts differ. */
export type Host = ReturnType<typeof buildHost>;

/** The one place where use cases meet ports. */
export function buildHost(given: HostParts) {
  const parts = { ...given, alerts: loggedAlerts(given.alerts, given.alertLog, given.clock) };
  return {
    acceptReceivedEvent: acceptReceivedEvent(parts),
    acceptRegistryEvent: acceptRegistryEvent(parts),
    scanImage: scanImage(parts),
    storeSbom: storeSbom(parts),
    relayOutbox: relayOutbox(parts),
    tellHeld: tellHeld(parts),
    watchDatabase: watchDatabase(parts),
    sendDigest: sendDigest(parts),
    requestDueRescans: requestDueRescans(parts),
    requestScan: requestScan(parts),
    reconcileRegistries: reconcileRegistries(parts),
    beginWalks: beginWalks(parts),
    readCoverage: readCoverage(parts),
    registries: parts.registries,
    refreshDatabase: parts.database.refresh,
    dispatchAlert: dispatchAlert(parts),
    deliverWebhook: deliverWebhook(parts),
    readFindings: readFindings(parts.images),
    readPastFindings: readPastFindings(parts.images),
    readHistory: readHistory(parts.images),
    readHistoryEntry: readHistoryEntry(parts.images),
    compareDigests: compareDigests(parts.images),
    listTaggedImages: listTaggedImages(parts.images),
    readImage: parts.images.read,
    listImages: parts.images.list,
    listAffected: parts.images.listAffected,
    addDeadLetter: (letter: DeadLetter) => parts.deadLetters.add(letter, parts.clock.now()),
    listDeadLetters: parts.deadLetters.list,
    readDeadLetter: parts.deadLetters.read,
    redriveDeadLetter: redriveDeadLetter(parts),
    redriveDeadLetters: redriveDeadLetters(parts),
    dropDeadLetter: dropDeadLetter(parts),
    applyRetention: applyRetention(parts),
    listAlerts: parts.alertLog.list,
    listDeliveries: parts.deliveryLog.list,
    subscribers: parts.subscribers,
    now: parts.clock.now,
    currentExemptions: parts.exemptions.current,
    reviewExemptions: reviewExemptions(parts),
    announceEndings: announceEndings(parts),
    ...changeExemptions(parts),
    sendAgain: parts.messageRetries.sendAgain,
    loginServerSuffix: parts.loginServerSuffix,
    policy: parts.policy,
  };
}
