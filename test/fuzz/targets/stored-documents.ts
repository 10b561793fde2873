import { formatStoredAlerts, parseStoredAlerts } from "../../../shared/messages/stored-alerts.ts";
import { toStored } from "../../../shared/messages/stored-document.ts";
import { chunkFindings, parseStoredFindings } from "../../../shared/messages/stored-findings.ts";
import { parseStoredImage, toStoredImage } from "../../../shared/messages/stored-image.ts";
import { parseStoredOutboxEntry, toStoredOutboxEntry } from "../../../shared/messages/stored-outbox-entry.ts";
import * as samples from "../../support/samples.ts";
import { storedTarget } from "../stored-target.ts";

const exempted = samples.aTrackedFinding({ exemption: { id: "one", since: new Date(0), until: new Date(1) } });
const findings = [...chunkFindings("set", [samples.aTrackedFinding(), exempted])];

export const target = storedTarget("documents of the store: images, findings, alerts, outbox entries", [
  {
    samples: [
      toStoredImage(samples.anImageRecord()),
      toStoredImage(samples.anImageRecord({ state: { kind: "gone", since: new Date(0) } })),
    ],
    comeBack: (document) => toStoredImage(parseStoredImage(document)),
  },
  {
    samples: findings.map((chunk): unknown => JSON.parse(chunk.document)),
    comeBack: (document) => {
      const chunks = [...chunkFindings("set", parseStoredFindings(document))];
      return toStored({ findings: chunks.flatMap((chunk) => parseStoredFindings(JSON.parse(chunk.document))) }, 2);
    },
  },
  {
    samples: [toStored({ alerts: [samples.aFindingsChangedAlert()] })],
    // These are a blob.
    comeBack: (_, bytes): unknown => JSON.parse(Buffer.from(formatStoredAlerts(parseStoredAlerts(bytes))).toString()),
  },
  {
    samples: [toStoredOutboxEntry(samples.anAlertEntry()), toStoredOutboxEntry(samples.anSbomEntry())],
    comeBack: (document) => toStoredOutboxEntry(parseStoredOutboxEntry(document)),
  },
]);
