import type { RescanPolicy } from "../domain/rescan-policy.ts";
import type { WatchList } from "../domain/watch-list.ts";
import type { WebhookSubscriber } from "../domain/webhook-subscriber.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeadLetters } from "../ports/dead-letters.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { ImageScanner } from "../ports/image-scanner.ts";
import type { ImageStore } from "../ports/image-store.ts";
import type { Log } from "../ports/log.ts";
import type { MessageRetries } from "../ports/message-retries.ts";
import type { SbomRequests } from "../ports/sbom-requests.ts";
import type { SbomWriter } from "../ports/sbom-writer.ts";
import type { ScanRequests } from "../ports/scan-requests.ts";
import type { VulnerabilityDatabase } from "../ports/vulnerability-database.ts";
import type { WebhookDeliveries } from "../ports/webhook-deliveries.ts";
import type { WebhookSender } from "../ports/webhook-sender.ts";
import { acceptRegistryEvent } from "../use-cases/accept-registry-event.ts";
import { deliverWebhook } from "../use-cases/deliver-webhook.ts";
import { dispatchAlert } from "../use-cases/dispatch-alert.ts";
import { readFindings } from "../use-cases/read-findings.ts";
import { relayOutbox } from "../use-cases/relay-outbox.ts";
import { requestDueRescans } from "../use-cases/request-due-rescans.ts";
import { requestScan } from "../use-cases/request-scan.ts";
import { scanImage } from "../use-cases/scan-image.ts";
import { storeSbom } from "../use-cases/store-sbom.ts";

/** Every port, and the settings that use cases read. What the machine it runs on has to bring. */
export interface HostParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly images: ImageStore;
  readonly blobs: BlobStore;
  readonly registry: ImageRegistry;
  readonly scanner: ImageScanner;
  readonly database: VulnerabilityDatabase;
  readonly sbomWriter: SbomWriter;
  readonly scanRequests: ScanRequests;
  readonly sbomRequests: SbomRequests;
  readonly alerts: AlertTopic;
  readonly deliveries: WebhookDeliveries;
  readonly deadLetters: DeadLetters;
  readonly messageRetries: MessageRetries;
  readonly sender: WebhookSender;
  readonly watchList: WatchList;
  readonly subscribers: readonly WebhookSubscriber[];
  readonly scannerIdentities: readonly string[];
  readonly loginServerSuffix: string;
  readonly policy: RescanPolicy;
  readonly spreadMs: number;
  readonly maximumFailures: number;
  readonly scansAtATime: number;
}

/** What the functions call. The same on Azure and on one machine; only the parts differ. */
export type Host = ReturnType<typeof buildHost>;

/** The one place where use cases meet ports. */
export function buildHost(parts: HostParts) {
  return {
    acceptRegistryEvent: acceptRegistryEvent(parts),
    scanImage: scanImage(parts),
    storeSbom: storeSbom(parts),
    relayOutbox: relayOutbox(parts),
    requestDueRescans: requestDueRescans(parts),
    requestScan: requestScan(parts),
    refreshDatabase: parts.database.refresh,
    dispatchAlert: dispatchAlert(parts),
    deliverWebhook: deliverWebhook(parts),
    readFindings: readFindings(parts.images),
    readImage: parts.images.read,
    listImages: parts.images.list,
    listAffected: parts.images.listAffected,
    addDeadLetter: parts.deadLetters.add,
    sendAgain: parts.messageRetries.sendAgain,
    loginServerSuffix: parts.loginServerSuffix,
    policy: parts.policy,
  };
}
