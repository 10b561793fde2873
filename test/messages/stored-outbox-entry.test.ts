import { expect, it } from "vitest";

import type { ImageAlert } from "../../shared/domain/alert.ts";
import { imageId } from "../../shared/domain/image-record.ts";
import type { OutboxEntry } from "../../shared/domain/outbox-entry.ts";
import { formatAlertEvent } from "../../shared/messages/alert-event.ts";
import { parseStoredOutboxEntry, toStoredOutboxEntry } from "../../shared/messages/stored-outbox-entry.ts";
import { aDigest, aFindingsChangedAlert } from "../support/samples.ts";

const { id, occurredAt, image, tags, platform, scan, counts, exempted, findings } = aFindingsChangedAlert();
const about = { id, occurredAt, image, tags, platform };

const everyAlert: readonly ImageAlert[] = [
  aFindingsChangedAlert({ changes: { opened: 1, resolved: 2 } }),
  aFindingsChangedAlert({
    cause: "exemptions",
    platforms: [{ image, platform, scan, counts, exempted: 2 }],
    findings: findings.map((finding) => ({ ...finding, exemption: "accepted", platforms: ["linux/amd64"] })),
  }),
  { ...about, kind: "scan.completed", scan, counts, exempted },
  { ...about, kind: "scan.failed", failure: "no-space", detail: "The disk is full.", attempts: 3 },
  { ...about, kind: "image.unscannable", reason: "encrypted", detail: "Its layers are encrypted." },
  { ...about, kind: "image.gone" },
];

it.each(everyAlert)("becomes the same event when it was stored, whatever the order of its members: $kind", (alert) => {
  const entry = { id, image: imageId(image), createdAt: occurredAt, kind: "alert", alert } as const;

  const stored = parseStoredOutboxEntry(reversed(JSON.parse(JSON.stringify(toStoredOutboxEntry(entry)))));

  expect(stored.kind === "alert" ? formatAlertEvent(stored.alert) : "").toBe(formatAlertEvent(alert));
});

/** The same JSON with the members of each object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

it.each(everyAlert)("reads back an entry with the alert $kind", (alert) => {
  const entry = { id, image: imageId(image), createdAt: occurredAt, kind: "alert", alert } as const;

  expect(readBack(entry)).toEqual(entry);
});

it("reads back why an entry is held", () => {
  const about = { id, image: imageId(image), createdAt: occurredAt };
  const entries: readonly OutboxEntry[] = [
    { ...about, kind: "alert", alert: aFindingsChangedAlert(), held: { kind: "forItself" } },
    { ...about, kind: "storedAlerts", blob: "alerts/1.json", held: { kind: "forIndex", index: aDigest("an index") } },
  ];

  expect(entries.map(readBack)).toEqual(entries);
});

it("reads an alert of version 0.1, which knew neither exemptions nor causes", () => {
  const entry = { schema: 2, id, image: "i", createdAt: occurredAt, kind: "alert", alert: aFindingsChangedAlert() };
  const old: unknown = JSON.parse(JSON.stringify(entry), (name, value: unknown) =>
    name === "cause" || name === "exempted" ? undefined : value,
  );

  const read = parseStoredOutboxEntry(old);

  expect(read).toMatchObject({ alert: { cause: "scan", exempted: 0 } });
});

function readBack(entry: OutboxEntry): OutboxEntry {
  return parseStoredOutboxEntry(JSON.parse(JSON.stringify(toStoredOutboxEntry(entry))));
}
