import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { alertKinds, type Alert } from "../../shared/domain/alert.ts";
import { decideScanAlerts, decideStateAlerts } from "../../shared/domain/decide-alerts.ts";
import type { ChangeKind } from "../../shared/domain/finding-changes.ts";
import { findingStatuses } from "../../shared/domain/finding.ts";
import type { ImageState } from "../../shared/domain/image-record.ts";
import { severities } from "../../shared/domain/severity.ts";
import { alertEventType, alertProperties, formatAlertEvent } from "../../shared/messages/alert-event.ts";
import { alertEventJsonSchema, alertEventSchema } from "../../shared/messages/alert-schema.ts";
import { aFinding, aFindingsChangedAlert, anImage, anImageRecord, aScanSummary } from "../support/samples.ts";
import { problemsOf } from "./event-validation.ts";

describe("an alert as an event", () => {
  it.each(everyAlert())("is what its JSON Schema says: $kind, $detail", (alert) => {
    expect(problemsOf(alert.kind, JSON.parse(formatAlertEvent(alert)))).toEqual([]);
  });

  it.each(everyAlert())("holds nothing that its schema does not name: $kind, $detail", (alert) => {
    const event: unknown = JSON.parse(formatAlertEvent(alert));

    // A schema of zod leaves out what it does not name.
    expect(alertEventSchema(alert.kind).parse(event)).toEqual(event);
  });

  it("has the same bytes whenever it is written", () => {
    expect(everyAlert().map(formatAlertEvent)).toEqual(everyAlert().map(formatAlertEvent));
  });

  it("says of which image it is, exactly", () => {
    const image = anImage({ registry: "localhost:5000" });

    expect(JSON.parse(formatAlertEvent(aFindingsChangedAlert({ image })))).toMatchObject({
      specversion: "1.0",
      id: aFindingsChangedAlert().id,
      type: "dev.tidewatch.findings.changed",
      source: "/registries/localhost:5000",
      subject: `team/web@${image.digest}`,
      time: "2026-03-02T10:00:05.000Z",
      data: { image: { reference: `localhost:5000/team/web@${image.digest}` }, platform: "linux/amd64" },
    });
  });

  it.each([
    ["another type", { type: "dev.tidewatch.image.gone" }],
    ["no id", { id: undefined }],
    ["an instant that is none", { time: "yesterday" }],
    ["no data", { data: undefined }],
  ])("would not pass its JSON Schema with %s", (_, change) => {
    const event: unknown = JSON.parse(formatAlertEvent(aFindingsChangedAlert()));

    const changed: unknown = JSON.parse(JSON.stringify(Object.assign({}, event, change)));

    expect(problemsOf("findings.changed", changed)).not.toEqual([]);
  });

  it("may hold what its JSON Schema does not name yet", () => {
    const event: unknown = JSON.parse(formatAlertEvent(aFindingsChangedAlert()));

    expect(problemsOf("findings.changed", Object.assign({}, event, { traceparent: "00-…" }))).toEqual([]);
  });
});

describe("what subscriptions filter on", () => {
  it("is the kind, the registry and the repository of every alert", () => {
    for (const alert of everyAlert())
      expect(alertProperties(alert)).toMatchObject({
        kind: alert.kind,
        registry: "shop.azurecr.io",
        repository: "team/web",
      });
  });

  it.each(severities.map((severity, rank) => [severity, rank] as const))(
    "is the severity of changed findings by name and number: %s is %i",
    (highestSeverity, severityRank) => {
      expect(alertProperties(aFindingsChangedAlert({ highestSeverity, fixAvailable: false }))).toEqual({
        kind: "findings.changed",
        registry: "shop.azurecr.io",
        repository: "team/web",
        highestSeverity,
        severityRank,
        fixAvailable: false,
      });
    },
  );
});

describe("docs/events", () => {
  it.each(alertKinds)(
    "has the JSON Schema of %s as it is now; if not, run node tools/write-event-schemas.ts",
    (kind) => {
      const file = resolve(import.meta.dirname, `../../docs/events/${kind}.schema.json`);

      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(alertEventJsonSchema(kind));
      expect(alertEventJsonSchema(kind)).toMatchObject({ title: alertEventType(kind) });
    },
  );
});

/** One of each kind at least, with all that is optional and without. */
function everyAlert(): readonly (Alert & { readonly detail?: string })[] {
  const since = new Date("2026-03-02T10:00:12.345Z");
  const scan = aScanSummary();
  const requestedAt = new Date("2026-03-02T09:59:00Z");
  const kinds: readonly ChangeKind[] = ["opened", "fixAvailable", "severityRaised", "severityLowered", "resolved"];
  const changes = kinds.flatMap((kind) =>
    findingStatuses.map((status) => ({ kind, finding: aFinding({ vulnerabilityId: `${kind} ${status}`, status }) })),
  );
  const bare = aFinding({
    severitySource: undefined,
    fixedVersion: undefined,
    cvss: undefined,
    title: undefined,
    primaryUrl: undefined,
    publishedAt: undefined,
    lastModifiedAt: undefined,
    layer: undefined,
    package: { name: "musl", installedVersion: "1.1.24-r10", type: "alpine" },
  });
  const unplaced = anImageRecord({ platform: undefined, tags: [] });
  const states: readonly ImageState[] = [
    ...(["timeout", "registry-refused", "digest-mismatch", "bad-report"] as const).map(
      (failure) => ({ kind: "failed", since, failure, attempts: 5, detail: failure }) as const,
    ),
    ...(["windows", "encrypted", "no-packages", "unsupported-distribution"] as const).map(
      (reason) => ({ kind: "unscannable", since, reason, detail: reason }) as const,
    ),
    { kind: "gone", since },
  ];
  return [
    ...decideScanAlerts(anImageRecord(), scan, changes, requestedAt),
    ...decideScanAlerts(unplaced, scan, [{ kind: "opened", finding: bare }], requestedAt),
    ...decideScanAlerts(anImageRecord(), scan, [], requestedAt),
    ...states.flatMap((state) => decideStateAlerts(anImageRecord({ state }))),
    ...states.flatMap((state) => decideStateAlerts({ ...unplaced, state })),
  ];
}

it("every kind of alert is among those that are tried here", () => {
  const tried = new Set(everyAlert().map(({ kind }) => kind));

  expect([...tried].sort()).toEqual([...alertKinds].sort());
});
