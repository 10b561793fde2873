import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlertedFinding, FindingsChanged, ScanCompleted } from "../../shared/domain/alert.ts";
import { collapseAlerts, type PlatformAlerts } from "../../shared/domain/collapse-alerts.ts";
import { decideScanAlerts } from "../../shared/domain/decide-alerts.ts";
import { changeKinds } from "../../shared/domain/finding-changes.ts";
import { countSeverities, severities } from "../../shared/domain/severity.ts";
import { formatAlertEvent } from "../../shared/messages/alert-event.ts";
import { formatWebhookDelivery } from "../../shared/messages/webhook-delivery-message.ts";
import { aDigest, aFinding, anImage, anImageRecord, aScanSummary } from "../support/samples.ts";

const index = anImageRecord({ image: anImage({ digest: aDigest("an index") }), platform: undefined });
const requestedAt = new Date("2026-03-02T09:59:00Z");

describe("the alerts of several platforms", () => {
  it("become one about the index, which lists them and says of each finding where it is", () => {
    const members = [
      member("amd64", [aFinding({ vulnerabilityId: "CVE-1" }), aFinding({ vulnerabilityId: "CVE-2" })]),
      member("arm64", [aFinding({ vulnerabilityId: "CVE-1" })]),
      member("s390x", []),
    ];

    const alerts = collapseAlerts(index, members);

    expect(alerts).toMatchObject([
      {
        kind: "findings.changed",
        image: index.image,
        tags: index.tags,
        changes: { opened: 2 },
        counts: { high: 3 },
        platforms: [
          { platform: { architecture: "amd64" }, counts: { high: 2 } },
          { platform: { architecture: "arm64" }, counts: { high: 1 } },
          { platform: { architecture: "s390x" }, counts: { high: 0 } },
        ],
        findings: [
          { vulnerabilityId: "CVE-1", platforms: ["linux/amd64", "linux/arm64"] },
          { vulnerabilityId: "CVE-2", platforms: ["linux/amd64"] },
        ],
      },
    ]);
    expect(alerts[0]).not.toHaveProperty("platform");
  });

  it("become one that the scan is done when nothing was found anywhere", () => {
    const alerts = collapseAlerts(index, [member("amd64", []), member("arm64", [])]);

    expect(alerts).toMatchObject([{ kind: "scan.completed", image: index.image, platforms: [{}, {}] }]);
  });

  it("leave out a package URL that names only one of the architectures", () => {
    const of = (architecture: string) => ({
      ...aFinding().package,
      purl: `pkg:deb/debian/openssl?arch=${architecture}`,
    });
    const members = ["amd64", "arm64"].map((each) => member(each, [aFinding({ package: of(each) })]));

    const [alert] = collapseAlerts(index, members);

    expect(alert).toMatchObject({ findings: [{ package: { name: "openssl", purl: undefined } }] });
  });

  it("keep apart what people would act on differently", () => {
    const members = [member("amd64", [aFinding()]), member("arm64", [aFinding({ severity: "critical" })])];

    const [alert] = collapseAlerts(index, members);

    expect(alert).toMatchObject({
      highestSeverity: "critical",
      findings: [
        { severity: "high", platforms: ["linux/amd64"] },
        { severity: "critical", platforms: ["linux/arm64"] },
      ],
    });
  });

  it("name a platform by its digest where its name is not known or not its own", () => {
    const members = [member("amd64", [aFinding()], "first"), member("amd64", [aFinding()], "second")];

    const [alert] = collapseAlerts(index, members);

    expect(alert).toMatchObject({ findings: [{ platforms: [aDigest("first"), aDigest("second")] }] });
  });

  it("have an id that follows from the entries, in whatever order they come", () => {
    const members = [member("amd64", [aFinding()]), member("arm64", [])];
    const idOf = (some: readonly PlatformAlerts[]) => collapseAlerts(index, some)[0]?.id;

    expect(idOf(members)).toBe(idOf(members.toReversed()));
    expect(idOf(members)).not.toBe(idOf(members.slice(0, 1)));
  });

  it("travel in messages that Service Bus takes, also from fifty platforms", () => {
    const findings = Array.from({ length: 500 }, (_, number) => aFinding({ vulnerabilityId: `CVE-2026-${number}` }));
    const members = Array.from({ length: 50 }, (_, number) => member(`architecture-${number}`, findings, `${number}`));

    const alerts = collapseAlerts(index, members);

    const events = alerts.map(formatAlertEvent);
    const deliveries = events.map((event, part) =>
      formatWebhookDelivery({ subscriber: "s".repeat(64), alertId: alerts[part]?.id ?? "", event, attempt: 10 }),
    );
    expect(alerts.length).toBeGreaterThan(1);
    expect(Math.max(...events.map((event) => Buffer.byteLength(event)))).toBeLessThan(200_000);
    expect(Math.max(...deliveries.map((delivery) => Buffer.byteLength(delivery)))).toBeLessThan(256 * 1024);
  });
});

it("lose nothing and tell nothing twice, whatever the platforms tell", () => {
  const change = fc.record({
    kind: fc.constantFrom(...changeKinds),
    vulnerability: fc.nat({ max: 4 }),
    severity: fc.constantFrom(...severities),
  });
  const platforms = fc.array(fc.uniqueArray(change, { selector: (each) => JSON.stringify(each), maxLength: 8 }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(platforms, (told) => {
      const members = told.map((changes, number) =>
        toMember(
          number.toString(),
          changes.map(({ kind, vulnerability, severity }) => ({
            kind,
            finding: aFinding({ vulnerabilityId: `CVE-${vulnerability}`, severity }),
          })),
          number.toString(),
        ),
      );

      const merged = collapseAlerts(index, members).flatMap((alert) => ("findings" in alert ? alert.findings : []));

      const wanted = members.flatMap(({ alerts }, number) =>
        alerts.flatMap((alert) =>
          "findings" in alert ? alert.findings.map((each) => `linux/${number} ${statement(each)}`) : [],
        ),
      );
      const given = merged.flatMap((each) =>
        (each.platforms ?? []).map((platform) => `${platform} ${statement(each)}`),
      );
      expect(given.toSorted()).toEqual(wanted.toSorted());
      expect(new Set(merged.map(statement)).size).toBe(merged.length);
    }),
    { numRuns: 200 },
  );
});

function statement({ change, vulnerabilityId, severity }: AlertedFinding): string {
  return `${change} ${vulnerabilityId} ${severity}`;
}

function member(architecture: string, findings: readonly ReturnType<typeof aFinding>[], name = architecture) {
  return toMember(
    architecture,
    findings.map((finding) => ({ kind: "opened" as const, finding })),
    name,
  );
}

function toMember(
  architecture: string,
  changes: Parameters<typeof decideScanAlerts>[2],
  name: string,
): PlatformAlerts & { readonly alerts: readonly (FindingsChanged | ScanCompleted)[] } {
  const image = anImage({ digest: aDigest(name) });
  const record = anImageRecord({ image, platform: { os: "linux", architecture } });
  const scan = aScanSummary({ image, counts: countSeverities(changes.map(() => "high" as const)) });
  const alerts = decideScanAlerts(record, scan, changes, requestedAt);
  return {
    id: `entry ${name}`,
    alerts: alerts.filter((alert) => alert.kind === "findings.changed" || alert.kind === "scan.completed"),
  };
}
