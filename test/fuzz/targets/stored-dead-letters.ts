import {
  parseStoredDeadLetter,
  parseStoredDeadLetterHead,
  toStoredDeadLetter,
} from "../../../shared/messages/stored-dead-letter.ts";
import {
  parseStoredDeliveryAttempt,
  toStoredDeliveryAttempt,
} from "../../../shared/messages/stored-delivery-attempt.ts";
import type { DeadLetterOrigin, KeptDeadLetter } from "../../../shared/ports/dead-letters.ts";
import type { DeliveryAttempt } from "../../../shared/ports/delivery-log.ts";
import { storedTarget } from "../stored-target.ts";

const at = new Date("2026-11-21T08:00:00Z");

const origins: readonly DeadLetterOrigin[] = [
  { kind: "queue", queue: "scan-requests" },
  { kind: "alert" },
  { kind: "event", from: "distribution" },
  { kind: "webhook", subscriber: "desk", alertId: "0".repeat(32) },
];

const letters: readonly KeptDeadLetter[] = origins.map((origin) => ({
  ...{ id: "1".repeat(32), source: "scanImage", reason: "invalid-event", detail: "Not a scan request.", body: "{}" },
  ...{ origin, firstAt: at, lastAt: at, count: 3, truncated: false },
}));

const attempts: readonly DeliveryAttempt[] = [
  { kind: "accepted" as const, status: 204 },
  { kind: "refused" as const, status: 429, retryAfter: at },
  { kind: "unreachable" as const, detail: "it did not answer in time" },
].map((answer) => ({
  ...{ subscriber: "desk", alertId: "0".repeat(32), attempt: 2, at, durationMs: 12.5, answer, nextAt: at },
}));

export const target = storedTarget("documents of the store: dead letters, attempts at webhooks", [
  {
    samples: letters.map(toStoredDeadLetter),
    comeBack: (document) => {
      const { body, ...head } = parseStoredDeadLetter(document);
      if (JSON.stringify(head) !== JSON.stringify(parseStoredDeadLetterHead(document)))
        throw new Error("The list shows another letter.");
      return toStoredDeadLetter({ ...head, body });
    },
  },
  {
    samples: attempts.map(toStoredDeliveryAttempt),
    comeBack: (document) => toStoredDeliveryAttempt(parseStoredDeliveryAttempt(document)),
  },
]);
