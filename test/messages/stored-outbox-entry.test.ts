import { expect, it } from "vitest";

import type { Alert } from "../../shared/domain/alert.ts";
import { parseStoredOutboxEntry, toStoredOutboxEntry } from "../../shared/messages/stored-outbox-entry.ts";
import { aFindingsChangedAlert, anAlertEntry } from "../support/samples.ts";

const { id, occurredAt, image, tags, platform, scan, counts } = aFindingsChangedAlert();
const about = { id, occurredAt, image, tags, platform };

const everyAlert: readonly Alert[] = [
  aFindingsChangedAlert({ changes: { opened: 1, resolved: 2 } }),
  { ...about, kind: "scan.completed", scan, counts },
  { ...about, kind: "scan.failed", failure: "no-space", detail: "The disk is full.", attempts: 3 },
  { ...about, kind: "image.unscannable", reason: "encrypted", detail: "Its layers are encrypted." },
  { ...about, kind: "image.gone" },
];

it.each(everyAlert)("reads back an entry with the alert $kind", (alert) => {
  const entry = { ...anAlertEntry(), kind: "alert", alert } as const;

  expect(parseStoredOutboxEntry(JSON.parse(JSON.stringify(toStoredOutboxEntry(entry))))).toEqual(entry);
});
